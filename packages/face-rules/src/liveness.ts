import type { LivenessBounds } from './bounds';
import type { DescribedFace, SeenFace } from './face-analysis';
import { likeness, mirrored } from './likeness';
import { LivenessAction } from './liveness-action';

/** The measures of a face that the rule reads. */
type Posture = Pick<SeenFace, 'pose' | 'mouthOpening'>;

/** Whether the frame shows the action, measured against the person's neutral, frontal photo. */
export function showsAction(
  action: LivenessAction,
  neutral: Posture,
  frame: Posture,
  { turn, lift, opening }: LivenessBounds,
): boolean {
  const yaw = frame.pose.yaw - neutral.pose.yaw;
  switch (action) {
    case LivenessAction.TURN_LEFT:
      return yaw >= turn;
    case LivenessAction.TURN_RIGHT:
      return yaw <= -turn;
    case LivenessAction.LOOK_UP:
      return frame.pose.pitch - neutral.pose.pitch >= lift;
    case LivenessAction.OPEN_MOUTH:
      return frame.mouthOpening - neutral.mouthOpening >= opening;
  }
}

/**
 * Mean difference of two thumbprints, of 255. One photo, encoded again with another quality or at another size, gives
 * up to 5 (its landmarks wander a little); the same portrait with the head lifted or turned 8 and more.
 */
const SAME_PHOTO = 5;

/** Whether all frames are different photos. */
export function framesDiffer(frames: readonly SeenFace[]): boolean {
  return frames.every((frame, i) =>
    frames.slice(i + 1).every((other) => difference(frame.thumbprint, other.thumbprint) > SAME_PHOTO),
  );
}

function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}

/** A photo of a challenge. */
export interface LivenessFrame {
  /** What it shows; null: the person from the front. */
  readonly action: LivenessAction | null;
  readonly face: Pick<DescribedFace, 'surroundings'>;
}

/**
 * Likeness around the face from which two photos of a head in different poses are one picture, altered. A warp moves the
 * face and leaves the ears, the hair and the wall as they are. Measured on 80 people of LFW: of 240 warps of their portraits
 * 230 lie above the bound, of 480 that were lit from one side or in the middle 461, and of 240 mirrored ones 229; of 560 pairs of
 * heads rendered in three dimensions 2 do, both with a lifted head. The fixtures' warps have .990 and more, their rendered heads up
 * to .89. No sequence of a real camera was available.
 */
const ALTERED = 0.975;

/**
 * Whether two photos of a challenge were taken separately: what surrounds the face changes when the head turns. Photos
 * with the same pose are not compared; a challenge asks for one at most that does not turn the head. A mirrored picture of
 * a head turned to the left shows it turned to the right, so a turned head is compared with the mirrored other one too; two
 * turned heads are not, since faces are about symmetric.
 */
export function areSeparate(a: LivenessFrame, b: LivenessFrame): boolean {
  if (!isTurned(a) && !isTurned(b)) return true;
  const [one, other] = [a.face.surroundings, b.face.surroundings];
  // What is not known, and NaN, if too little surrounds the face, is not separate.
  if (one === null || other === null || !(likeness(one, other) < ALTERED)) return false;
  return (isTurned(a) && isTurned(b)) || likeness(one, mirrored(other)) < ALTERED;
}

const isTurned = ({ action }: LivenessFrame): boolean =>
  action !== null && action !== LivenessAction.OPEN_MOUTH;
