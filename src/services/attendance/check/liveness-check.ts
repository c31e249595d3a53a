import { setImmediate } from 'node:timers/promises';
import {
  type DescribedFace,
  type FaceFault,
  type LivenessAction,
  type LivenessFrame,
  areSeparate,
  framesDiffer,
  SERVER_LIVENESS,
  showsAction,
} from '@rollcall/face-rules';
import { cosine } from '@rollcall/gallery';
import { badInput } from '../../../errors';
import type { Descriptor } from '../../faces/engine/descriptor';
import type { FaceProbe } from '../../faces/engine/face-probe';
import type { FaceReader, FaceReading } from '../../faces/engine/face-reader';
import { isMatch } from '../../faces/matching/comparison';
import type { MatchingService } from '../../faces/matching/matching-service';
import type { Photo } from '../../photos/input/photo-reader';
import { LivenessFault } from './liveness-fault';
import type { CheckOutcome } from './outcomes';

type LivenessFailed = Extract<CheckOutcome, { status: 'LIVENESS_FAILED' }>;

/** The photos show the actions; whose they are is still to be compared with the match. */
export interface Shown {
  readonly status: 'SHOWN';
  /** What the server's model sees on the check's own photo; null: the challenge asks for no actions. */
  readonly front: FaceProbe | null;
  readonly frames: readonly { readonly action: LivenessAction; readonly probe: FaceProbe }[];
  /** The server's own, of all photos that it looked at. */
  readonly descriptors: readonly Descriptor[];
}

const failed = (
  reason: LivenessFault,
  action: LivenessAction | null,
  faceReason: FaceFault | null = null,
): LivenessFailed => ({ status: 'LIVENESS_FAILED', reason, action, faceReason });

/** Active liveness: whether the photos of a check show what its challenge asked for, and by the right person. */
export class LivenessCheck {
  constructor(
    private readonly reader: FaceReader,
    private readonly matching: MatchingService,
    /** Cosine that photos of one person, by the server's model, have at least. */
    private readonly samePersonMin: number,
  ) {}

  /**
   * Looks for each action in its photo.
   * @param neutral the check's own photo, from the front, and what was seen on it if somebody looked already
   * @throws RollcallError BAD_USER_INPUT if there is not one photo for each action; UNAVAILABLE
   */
  async watch(
    actions: readonly LivenessAction[],
    neutral: { readonly photo: Photo; readonly face: Extract<FaceReading, { kind: 'FACE' }> },
    photos: readonly Photo[],
  ): Promise<Shown | LivenessFailed> {
    if (photos.length !== actions.length) {
      throw badInput(
        photos[0]?.field.replace(/\[\d+\]$/, '') ?? 'livenessImages',
        actions.length === 0
          ? 'only allowed with a challenge that asks for actions'
          : `must have one photo for each of the ${actions.length} actions, not ${photos.length}`,
      );
    }
    if (actions.length === 0) {
      const descriptors = neutral.face.face === null ? [] : [neutral.face.face.embedding];
      return { status: 'SHOWN', front: null, frames: [], descriptors };
    }
    const front =
      neutral.face.face === null
        ? await this.reader.look(neutral.photo, 'front')
        : { ...neutral.face, face: neutral.face.face };
    if (front.kind !== 'FACE') return failed(LivenessFault.FACE_NOT_USABLE, null, front.fault);
    const seen: (LivenessFrame & { readonly face: DescribedFace })[] = [{ action: null, face: front.face }];
    const descriptors = [front.face.embedding];
    const frames: { action: LivenessAction; probe: FaceProbe }[] = [];
    // One after the other: many checks share few workers, and after a refusal the rest is not needed.
    for (const [i, action] of actions.entries()) {
      const frame = await this.reader.look(photos[i] as Photo, 'action');
      if (frame.kind !== 'FACE') return failed(LivenessFault.FACE_NOT_USABLE, action, frame.fault);
      // Written so that a NaN fails too.
      if (!(cosine(frame.face.embedding, front.face.embedding) >= this.samePersonMin)) {
        return failed(LivenessFault.ANOTHER_PERSON, action);
      }
      if (!showsAction(action, front.face, frame.face, SERVER_LIVENESS))
        return failed(LivenessFault.ACTION_NOT_SHOWN, action);
      const next = { action, face: frame.face };
      for (const earlier of seen) {
        if (!areSeparate(earlier, next)) return failed(LivenessFault.NOT_SEPARATE, action);
        // A comparison takes some milliseconds: others get their turn between two.
        await setImmediate();
      }
      seen.push(next);
      descriptors.push(frame.face.embedding);
      frames.push({ action, probe: frame.probe });
    }
    const faces: DescribedFace[] = [];
    for (const { face } of seen) faces.push(face);
    if (!framesDiffer(faces)) return failed(LivenessFault.SAME_PICTURE, null);
    return { status: 'SHOWN', front: front.probe, frames, descriptors };
  }

  /**
   * Whether the person who moved is the matched employee. The photo from the front must match by the server's own
   * descriptor, even if the client's descriptor decided, and every other photo must be near the employee's templates.
   * @param employee the match's row id
   */
  belongsTo(employee: string, { front, frames }: Shown): LivenessFailed | null {
    if (front === null) return null;
    if (!isMatch(this.matching.verify(employee, front).verdict))
      return failed(LivenessFault.ANOTHER_PERSON, null);
    for (const { action, probe } of frames) {
      const { similarity } = this.matching.verify(employee, probe);
      if (similarity === null || !(similarity >= this.samePersonMin)) {
        return failed(LivenessFault.ANOTHER_PERSON, action);
      }
    }
    return null;
  }
}
