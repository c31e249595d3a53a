import {
  type DescribedFace,
  type FaceFault,
  type LivenessAction,
  framesDiffer,
  showsAction,
} from '@rollcall/face-rules';
import { cosine } from '@rollcall/gallery';
import { badInput } from '../../../errors';
import type { FaceReader, FaceReading } from '../../faces/engine/face-reader';
import type { FaceProbe } from '../../faces/engine/face-probe';
import type { MatchingService } from '../../faces/matching/matching-service';
import type { Photo } from '../../photos/input/photo-reader';

/** Why the photos of a check do not show that a person moved as they were asked to. */
export enum LivenessFault {
  /** A photo does not show its action. */
  ACTION_NOT_SHOWN = 'ACTION_NOT_SHOWN',
  /** A photo shows no face that can be made out. */
  FACE_NOT_USABLE = 'FACE_NOT_USABLE',
  /** A photo shows somebody else than the check's own. */
  ANOTHER_PERSON = 'ANOTHER_PERSON',
  /** Two of the photos are one and the same picture. */
  SAME_PICTURE = 'SAME_PICTURE',
}

export interface LivenessFailed {
  readonly status: 'LIVENESS_FAILED';
  readonly fault: LivenessFault;
  /** Of the photo that is at fault; null: none in particular. */
  readonly action: LivenessAction | null;
  /** Where no face can be made out: why. */
  readonly faceFault: FaceFault | null;
}

/** The photos show the actions; whose they are is still to be compared with the match. */
export interface Shown {
  readonly status: 'SHOWN';
  /** The check's own photo by the server's eyes, whoever's descriptor decides; null: no actions were asked for. */
  readonly front: FaceProbe | null;
  readonly frames: readonly { readonly action: LivenessAction; readonly probe: FaceProbe }[];
  /** Of all photos that the server looked at here. */
  readonly faces: readonly DescribedFace[];
}

/**
 * Cosine that the face of an action has at least with that of the check's own photo, taken seconds before. Turning
 * costs similarity (the fixtures' actions have .94 and more), so this is below a match's threshold; one stranger in
 * four hundred reaches it (docs/design/accuracy.md). The check's own photo, for its part, has to match the employee.
 */
const SAME_PERSON_MIN = 0.92;

const failed = (
  fault: LivenessFault,
  action: LivenessAction | null,
  faceFault: FaceFault | null = null,
): LivenessFailed => ({ status: 'LIVENESS_FAILED', fault, action, faceFault });

/** Active liveness: whether the photos of a check show what its challenge asked for, and by the right person. */
export class LivenessCheck {
  constructor(
    private readonly reader: FaceReader,
    private readonly matching: MatchingService,
    /** Cosine that photos of one person, taken at different times, have at least. */
    private readonly samePersonMin: number,
  ) {}

  /**
   * Looks for each action in its photo.
   * @param neutral the check's own photo, from the front, and what was seen on it if somebody looked already
   * @throws RollcallError BAD_USER_INPUT where there is not one photo for each action; UNAVAILABLE
   */
  async watch(
    actions: readonly LivenessAction[],
    neutral: { readonly photo: Photo; readonly face: Extract<FaceReading, { kind: 'FACE' }> },
    photos: readonly Photo[],
  ): Promise<Shown | LivenessFailed> {
    if (photos.length !== actions.length) {
      throw badInput(
        'livenessImages',
        actions.length === 0
          ? 'only allowed with a challenge that asks for actions'
          : `must have one photo for each of the ${actions.length} actions, not ${photos.length}`,
      );
    }
    if (actions.length === 0) return { status: 'SHOWN', front: null, frames: [], faces: [] };
    const front =
      neutral.face.face === null
        ? await this.reader.look(neutral.photo, 'frontal')
        : { ...neutral.face, face: neutral.face.face };
    if (front.kind !== 'FACE') return failed(LivenessFault.FACE_NOT_USABLE, null, front.fault);
    const faces: DescribedFace[] = [front.face];
    const frames: { action: LivenessAction; probe: FaceProbe }[] = [];
    // One after the other: many people may stand in front of few workers, and what follows a refusal is not needed.
    for (const [i, action] of actions.entries()) {
      const frame = await this.reader.look(photos[i] as Photo, 'any');
      if (frame.kind !== 'FACE') return failed(LivenessFault.FACE_NOT_USABLE, action, frame.fault);
      // Written so that a NaN fails too.
      if (!(cosine(frame.face.aligned, front.face.aligned) >= SAME_PERSON_MIN)) {
        return failed(LivenessFault.ANOTHER_PERSON, action);
      }
      if (!showsAction(action, front.face, frame.face)) return failed(LivenessFault.ACTION_NOT_SHOWN, action);
      faces.push(frame.face);
      frames.push({ action, probe: frame.probe });
    }
    if (!framesDiffer(faces)) return failed(LivenessFault.SAME_PICTURE, null);
    return { status: 'SHOWN', front: front.probe, frames, faces };
  }

  /**
   * Whether the person who moved is the one who was matched: the photo from the front matches by the server's own
   * descriptor, even where the client's decided, and none of the others is far from the employee's templates.
   * @param employee the match's row id
   */
  belongsTo(employee: string, { front, frames }: Shown): LivenessFailed | null {
    if (front === null) return null;
    if (!this.matching.verify(employee, front).matches) return failed(LivenessFault.ANOTHER_PERSON, null);
    for (const { action, probe } of frames) {
      const { similarity } = this.matching.verify(employee, probe);
      if (similarity === null || !(similarity >= this.samePersonMin)) {
        return failed(LivenessFault.ANOTHER_PERSON, action);
      }
    }
    return null;
  }
}
