import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaceReader } from '../face/face-reader';
import { hintFor, type Hint } from '../face/guidance';
import { fill, texts } from '../messages';
import type { CameraProblem } from '../shared/camera';
import { cameraAdvice } from '../shared/camera-advice';
import { CameraKeeper } from '../shared/camera-keeper';
import { Shot, type TakenPhoto } from './shot';

/** Between two looks of the guidance. */
const PAUSE_MS = 150;
const PHOTOS = 3;

export type TakenPhotos = readonly (TakenPhoto | null)[];
export const NO_PHOTOS: TakenPhotos = Array.from({ length: PHOTOS }, () => null);

interface Props {
  readonly faces: FaceReader;
  readonly photos: TakenPhotos;
  readonly onPhotos: (photos: TakenPhotos) => void;
}

/** The camera with guidance, and a place for each of the three photos. */
export function PhotoBooth({ faces, photos, onPhotos }: Props) {
  const { enrol, kiosk, common } = texts();
  const video = useRef<HTMLVideoElement>(null);
  const camera = useRef<CameraKeeper | null>(null);
  const [hint, setHint] = useState<Hint | 'starting'>('starting');
  const [problem, setProblem] = useState<CameraProblem | null>(null);
  const [running, setRunning] = useState(false);
  const [taking, setTaking] = useState<number | null>(null);
  const busy = useRef(false);
  useEffect(() => {
    let stopped = false;
    const place = video.current;
    if (place === null) return undefined;
    const keeper = new CameraKeeper(place, (found) => {
      setProblem(found);
      if (found !== null) setRunning(false);
    });
    camera.current = keeper;
    const run = async (): Promise<void> => {
      await keeper.start();
      while (!stopped) {
        const frame = busy.current ? null : await keeper.grab();
        if (frame !== null) {
          const look = await faces.look(frame);
          if (stopped) return;
          setHint(hintFor(look));
          setRunning(keeper.problem === null);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    run().catch((error: unknown) => console.error(error));
    return () => {
      stopped = true;
      keeper.stop();
    };
  }, [faces]);

  const take = async (index: number): Promise<void> => {
    const keeper = camera.current;
    if (keeper === null || busy.current) return;
    busy.current = true;
    setTaking(index);
    try {
      const frame = await keeper.grab();
      if (frame === null) return;
      const { fault } = await faces.look(frame);
      const taken = { blob: await faces.photo(), fault };
      onPhotos(photos.map((photo, i) => (i === index ? taken : photo)));
    } finally {
      busy.current = false;
      setTaking(null);
    }
  };
  const next = photos.findIndex((photo) => photo === null || photo.fault !== null);
  const pose = enrol.poses[next];
  const given = photos.filter((photo) => photo !== null).length;

  return (
    <fieldset class="booth">
      <legend>{enrol.photos}</legend>
      <p class="muted">{enrol.photosHint}</p>
      <div class="camera">
        <video ref={video} class="mirror" muted playsInline aria-hidden="true" tabIndex={-1} />
        <svg viewBox="0 0 100 130" aria-hidden="true">
          <ellipse cx="50" cy="65" rx="44" ry="58" class={hint === 'hold' ? 'found' : ''} />
        </svg>
        <p class="hint" role="status">
          {problem !== null
            ? cameraAdvice(problem)
            : hint === 'starting'
              ? kiosk.starting
              : hint === 'hold'
                ? (pose ?? enrol.good)
                : kiosk.hints[hint]}
        </p>
      </div>
      {problem !== null && (
        <button type="button" onClick={() => camera.current?.retry()}>
          {common.tryAgain}
        </button>
      )}
      {given > 0 && given < PHOTOS && (
        <p class="muted" role="status">
          {enrol.fewPhotos}
        </p>
      )}
      <ol class="shots">
        {photos.map((photo, index) => (
          <li key={index}>
            <Shot photo={photo} number={index + 1} />
            <button type="button" disabled={taking !== null || !running} onClick={() => void take(index)}>
              {fill(photo === null ? enrol.take : enrol.retake, { number: index + 1 })}
            </button>
          </li>
        ))}
      </ol>
    </fieldset>
  );
}
