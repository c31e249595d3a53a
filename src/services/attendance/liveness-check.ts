import { badInput } from '../../errors';
import type { DescribedFace } from '../face/face-analysis';
import type { FaceReader } from '../face/face-reader';
import { framesDiffer, showsAction } from '../face/liveness';
import type { LivenessAction } from '../face/liveness-action';
import type { FaceFault } from '../face/face-fault';
import type { FaceProbe } from '../matching/face-probe';
import type { MatchingService } from '../matching/matching-service';
import { cosine } from '../matching/probe';
import type { Photo } from '../storage/photo-reader';

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
  readonly frames: readonly { readonly action: LivenessAction; readonly probe: FaceProbe }[];
}

/**
 * Cosine that the face of an action has at least with that of the check's own photo, taken seconds before. Turning
 * costs similarity (the fixtures' actions have .94 and more), so this is below a match's threshold; one stranger in
 * four hundred reaches it (docs/ACCURACY.md), and must not be enrolled then, nor resemble somebody who is: nobody
 * may be nearer than the match.
 */
export const SAME_PERSON_MIN = 0.92;

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
  ) {}

  /**
   * Looks for each action in its photo.
   * @param neutral the check's own photo, from the front
   * @throws RollcallError BAD_USER_INPUT where there is not one photo for each action; UNAVAILABLE
   */
  async watch(
    actions: readonly LivenessAction[],
    neutral: Photo,
    photos: readonly Photo[],
  ): Promise<Shown | LivenessFailed> {
    if (photos.length !== actions.length) {
      throw badInput(
        'livenessImages',
        actions.length === 0
          ? 'the check has no challenge that asks for actions'
          : `the challenge asks for ${actions.length} actions, one photo each, not ${photos.length}`,
      );
    }
    if (actions.length === 0) return { status: 'SHOWN', frames: [] };
    const [front, ...frames] = await Promise.all([
      this.reader.look(neutral.jpeg, 'frontal'),
      ...photos.map(({ jpeg }) => this.reader.look(jpeg, 'any')),
    ]);
    if (front.kind !== 'FACE') return failed(LivenessFault.FACE_NOT_USABLE, null, front.fault);
    const faces: DescribedFace[] = [front.face];
    const shown: { action: LivenessAction; probe: FaceProbe }[] = [];
    for (const [i, frame] of frames.entries()) {
      const action = actions[i] as LivenessAction;
      if (frame.kind !== 'FACE') return failed(LivenessFault.FACE_NOT_USABLE, action, frame.fault);
      // Written so that a NaN fails too.
      if (!(cosine(frame.face.aligned, front.face.aligned) >= SAME_PERSON_MIN)) {
        return failed(LivenessFault.ANOTHER_PERSON, action);
      }
      if (!showsAction(action, front.face, frame.face)) return failed(LivenessFault.ACTION_NOT_SHOWN, action);
      faces.push(frame.face);
      shown.push({ action, probe: frame.probe });
    }
    if (!framesDiffer(faces)) return failed(LivenessFault.SAME_PICTURE, null);
    return { status: 'SHOWN', frames: shown };
  }

  /**
   * Whether the person who moved is the one who was matched: nobody else is clearly nearer to any of the photos.
   * @param employee the match's row id
   */
  async belongsTo(employee: string, { frames }: Shown): Promise<LivenessFailed | null> {
    for (const { action, probe } of frames) {
      if (!(await this.matching.nobodyNearer(employee, probe))) {
        return failed(LivenessFault.ANOTHER_PERSON, action);
      }
    }
    return null;
  }
}
