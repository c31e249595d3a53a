import type { Logger } from 'pino';
import { badInput, unavailable } from '../../errors';
import type { Actor } from '../audit/actor';
import type { RefusalLog } from '../audit/refusal-log';
import type { FaceReader, FaceReading } from '../face/face-reader';
import type { LivenessAction } from '../face/liveness-action';
import type { Position } from '../geofence';
import type { Descriptor } from '../matching/descriptor';
import type { GallerySync } from '../matching/gallery-sync';
import type { ReplayGuard } from '../replay/replay-guard';
import type { Samples } from '../replay/sample-hash';
import type { Photo } from '../storage/photo-reader';
import type { StorageService } from '../storage/storage-service';
import type { Check } from './check';
import type { CheckAdmission } from './check-admission';
import { refusalOf, type CheckOutcome } from './check-outcome';
import type { FaceCheck } from './face-check';
import type { LivenessCheck, Shown } from './liveness-check';
import type { Proof, PunchRecorder } from './punch-recorder';

export interface AttendanceServiceParts {
  readonly reader: FaceReader;
  readonly gallerySync: GallerySync;
  readonly storage: StorageService;
  readonly admission: CheckAdmission;
  readonly liveness: LivenessCheck;
  readonly replays: ReplayGuard;
  readonly faces: FaceCheck;
  readonly punches: PunchRecorder;
  readonly refusals: RefusalLog;
  readonly now: () => Date;
  readonly log: Logger;
}

/** What a check sent, proven to be what it should be. */
interface Evidence {
  readonly position: Position | null;
  /** The client's, where it counts. */
  readonly descriptor: Descriptor | null;
  readonly photo: Photo;
  /** For the actions of the challenge. */
  readonly frames: readonly Photo[];
}

/** What can be made out on the photos. */
interface Seen {
  readonly status: 'SEEN';
  readonly face: Extract<FaceReading, { kind: 'FACE' }>;
  readonly shown: Shown;
}

/** Checks faces and records punches: the life of a punch, step by step. */
export class AttendanceService {
  constructor(private readonly parts: AttendanceServiceParts) {}

  /**
   * Decides whose face it is and whether they stand at their office, and records the punch. Refusals are outcomes:
   * of them nothing is kept but that the challenge was used and the photo was seen, and what security has to know.
   * @param by who sends the check
   * @throws RollcallError BAD_USER_INPUT; CONFLICT where the requestId is another employee's; UNAVAILABLE
   */
  async check(check: Check, by: Actor): Promise<CheckOutcome> {
    const { refusals, now } = this.parts;
    const outcome = await this.outcomeOf(check, by.caller);
    const refusal = refusalOf(outcome);
    // Takes note only: it is written later, so that no check waits for the audit trail.
    if (refusal !== null) refusals.note({ ...refusal, claimed: check.employeeId ?? null, by, at: now() });
    return outcome;
  }

  private async outcomeOf(check: Check, caller: string): Promise<CheckOutcome> {
    const { admission, replays, log } = this.parts;
    const evidence = await this.read(check);
    const admitted = await admission.admit(check, caller);
    if (admitted.status !== 'ADMITTED') return admitted;
    const { actions, challenged } = admitted;
    const seen = await this.see(evidence, actions);
    if (seen.status !== 'SEEN') return seen;

    const requestId = check.requestId ?? null;
    const claim = await replays.claim(samplesOf(evidence, seen), { caller, requestId });
    if (!claim.fresh) return { status: 'REPLAY_DETECTED' };
    try {
      return await this.decide(check, evidence, seen, challenged);
    } catch (error) {
      // Without an answer the client sends the check again, which is no replay.
      await claim.release().catch((err: unknown) => {
        log.warn({ err }, 'A photo whose check failed stays known; without a requestId its retry is refused');
      });
      throw error;
    }
  }

  /** Everything that is cheap to refuse, before a challenge is used up for it. */
  private async read(check: Check): Promise<Evidence> {
    const { reader, gallerySync, storage } = this.parts;
    const descriptor = reader.sent(check.faceDescriptor);
    if (!gallerySync.ready) {
      throw unavailable('The face templates are still being loaded; try again shortly');
    }
    const position = positionOf(check);
    const { imageBase64, image, livenessImages, livenessImagesBase64 } = check;
    const hasFrames = livenessImages != null || livenessImagesBase64 != null;
    const [[photo], frames] = await Promise.all([
      storage.readPhotos({ imageBase64, image }),
      hasFrames ? storage.readPhotos({ livenessImages, livenessImagesBase64 }) : [],
    ]);
    return { descriptor, position, photo: photo as Photo, frames };
  }

  private async see(
    { photo, frames, descriptor }: Evidence,
    actions: readonly LivenessAction[],
  ): Promise<Seen | CheckOutcome> {
    const { reader, liveness } = this.parts;
    const face = await reader.read(photo.jpeg, descriptor);
    switch (face.kind) {
      case 'NOT_USABLE':
        return { status: 'FACE_NOT_USABLE', fault: face.fault };
      case 'MISMATCH':
        return { status: 'DESCRIPTOR_MISMATCH', similarity: face.similarity };
      case 'FACE': {
        const shown = await liveness.watch(actions, photo, frames);
        return shown.status === 'SHOWN' ? { status: 'SEEN', face, shown } : shown;
      }
    }
  }

  private async decide(
    check: Check,
    { position, photo }: Evidence,
    { face, shown }: Seen,
    challenged: boolean,
  ): Promise<CheckOutcome> {
    const { faces, liveness, punches } = this.parts;
    const matched = await faces.match(check, face.probe, position);
    if (matched.status !== 'MATCHED') return matched;
    const failed = await liveness.belongsTo(matched.subject.employee.id, shown);
    if (failed !== null) return failed;
    const proof: Proof = { descriptorSource: face.source, challenged, live: shown.frames.length > 0 };
    return punches.record(check, photo, { ...matched, proof });
  }
}

/** The plain descriptor too where the server computed it: another wrapping of the same picture gives the same one. */
function samplesOf({ descriptor, photo, frames }: Evidence, { face }: Seen): Samples {
  const computed = face.face === null ? [] : [face.face.plain];
  return {
    photos: [photo, ...frames].map(({ sent }) => sent),
    descriptors: [...(descriptor === null ? [] : [descriptor]), ...computed],
  };
}

/** @throws RollcallError BAD_USER_INPUT for half a position */
function positionOf({ latitude, longitude }: Check): Position | null {
  if (latitude == null && longitude == null) return null;
  if (latitude == null || longitude == null) {
    throw badInput(
      latitude == null ? 'latitude' : 'longitude',
      'latitude and longitude come together or not at all',
    );
  }
  return { latitude, longitude };
}
