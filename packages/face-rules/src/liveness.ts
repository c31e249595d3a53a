import type { DescribedFace } from './face-analysis';
import { LivenessAction } from './liveness-action';

/**
 * Changes against the neutral photo, in degrees of `head-pose.ts` and of the mouth's width. Between photos of somebody
 * who does nothing they differ by up to 3 (yaw), 5 (pitch) and .05; the fixtures' actions change them by 13 and more,
 * 13 and more, .25 and more. Half of what a clear movement gives.
 */
const TURN = 10;
const LIFT = 9;
const OPENING = 0.15;

/** The measures of a face that the rule reads. */
type Posture = Pick<DescribedFace, 'pose' | 'mouthOpening'>;

/** Whether the frame shows the action, measured against the person's neutral, frontal photo. */
export function showsAction(action: LivenessAction, neutral: Posture, frame: Posture): boolean {
  const yaw = frame.pose.yaw - neutral.pose.yaw;
  switch (action) {
    case LivenessAction.TURN_LEFT:
      return yaw >= TURN;
    case LivenessAction.TURN_RIGHT:
      return yaw <= -TURN;
    case LivenessAction.LOOK_UP:
      return frame.pose.pitch - neutral.pose.pitch >= LIFT;
    case LivenessAction.OPEN_MOUTH:
      return frame.mouthOpening - neutral.mouthOpening >= OPENING;
  }
}

/**
 * Mean difference of two thumbprints, of 255. One photo, encoded again with another quality or at another size, gives
 * up to 5 (its landmarks wander a little); the same portrait with the head lifted or turned 8 and more.
 */
const SAME_PHOTO = 5;

/** Whether every frame is a photo of its own: none is another one sent again. */
export function framesDiffer(frames: readonly DescribedFace[]): boolean {
  return frames.every((frame, i) =>
    frames.slice(i + 1).every((other) => difference(frame.thumbprint, other.thumbprint) > SAME_PHOTO),
  );
}

function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}
