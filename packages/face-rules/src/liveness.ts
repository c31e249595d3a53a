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
 * Correlation around the face from which two photos of a head in different poses are one picture, altered. A warp moves
 * the face and leaves the ears, the hair and the wall as they are. The fixtures' warps have .990 and more, with noise, at
 * another size, quality or brightness too; 210 warps of LFW's portraits have .989 and more. Heads rendered in three
 * dimensions have up to .925 (the fixtures); with LFW's faces before a wall .91 in the median, and 1 of 66 lies above the
 * bound; before the photo itself, whose own head stays visible behind the turned one, .96 and 6 of 66. No sequence of a
 * real camera was available.
 */
const ALTERED = 0.96;

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
