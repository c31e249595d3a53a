import type { LivenessBounds } from './bounds';
import type { SeenFace } from './face-analysis';
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

/** Whether every frame is a photo of its own: none is another one sent again. */
export function framesDiffer(frames: readonly SeenFace[]): boolean {
  return frames.every((frame, i) =>
    frames.slice(i + 1).every((other) => difference(frame.thumbprint, other.thumbprint) > SAME_PHOTO),
  );
}

function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] as number)), 0) / a.length;
}
