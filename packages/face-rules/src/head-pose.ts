import type { HeadPose } from './face-analysis';
import {
  centreOf,
  distance,
  eyeLine,
  INNER_LIPS,
  type Landmarks,
  landmark,
  LEFT_MOUTH_CORNER,
  NOSE_TIP,
  RIGHT_MOUTH_CORNER,
  turn,
  UPPER_LIP,
} from './landmarks';

/**
 * A head as three points, in units of the distance between the eyes: the eyes in the plane of zero depth, the tip of
 * the nose this far in front of them and this far below, the upper lip likewise (it stays where it is when the mouth
 * opens). An estimate, under which people who look straight ahead come out within 10 degrees of zero.
 */
const NOSE_DEPTH = 0.45;
const NOSE_DROP = 0.62;
const LIP_DEPTH = 0.25;
const LIP_DROP = 0.95;

const DEGREES = 180 / Math.PI;

/**
 * The direction in which a head looks, for a distant camera. It follows from the position of the tip of the nose between
 * eyes and mouth. When a head turns, the nose moves by its depth times the sine, and the distance of the eyes shrinks by
 * the cosine. The depth is that of an average head. So absolute values are off by some degrees from person to person, and
 * differences between two photos of a person by much less.
 */
export function headPose(landmarks: Landmarks): HeadPose {
  const { middle, length, angle } = eyeLine(landmarks);
  const nose = turn(landmark(landmarks, NOSE_TIP), -angle, middle);
  const lip = turn(centreOf(landmarks, UPPER_LIP), -angle, middle);
  const yaw = Math.atan((nose.x - middle.x) / length / NOSE_DEPTH);
  // nose : lip = (NOSE_DROP - NOSE_DEPTH tan) : (LIP_DROP - LIP_DEPTH tan), solved for the tangent of the pitch.
  const ratio = (nose.y - middle.y) / (lip.y - middle.y);
  const pitch = Math.atan2(NOSE_DROP - ratio * LIP_DROP, NOSE_DEPTH - ratio * LIP_DEPTH);
  return { yaw: yaw * DEGREES, pitch: pitch * DEGREES, roll: angle * DEGREES };
}

/** Mean gap between the inner lips by the width of the mouth. */
export function mouthOpening(landmarks: Landmarks): number {
  const gaps = INNER_LIPS.map(([upper, lower]) =>
    distance(landmark(landmarks, upper), landmark(landmarks, lower)),
  );
  const width = distance(landmark(landmarks, LEFT_MOUTH_CORNER), landmark(landmarks, RIGHT_MOUTH_CORNER));
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length / width;
}
