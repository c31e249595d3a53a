import {
  centreOf,
  distance,
  eyeLine,
  type Landmarks,
  LEFT_EYE,
  mean,
  MOUTH,
  type Point,
  RIGHT_EYE,
  turn,
} from './landmarks';
import type { Pixels } from './pixels';
import { warp } from './warp';

/** Where a face is cut out to be measured: a square turned with the head, in which the eyes are level. */
interface ChipFrame {
  readonly centre: Point;
  /** Side in pixels of the picture. */
  readonly size: number;
  /** Radians, clockwise. */
  readonly angle: number;
}

/** The distance from eyes to mouth is .45 of the side; the middle of both eyes and the mouth lies at .43 of the height. */
const EYES_TO_MOUTH = 0.45;
const REFERENCE_HEIGHT = 0.43;

export function chipFrame(landmarks: Landmarks): ChipFrame {
  const { middle, angle } = eyeLine(landmarks);
  const upright = landmarks.map((point) => turn(point, -angle, middle));
  const [left, right, mouth] = [LEFT_EYE, RIGHT_EYE, MOUTH].map((range) => centreOf(upright, range)) as [
    Point,
    Point,
    Point,
  ];
  const size = (distance(left, mouth) + distance(right, mouth)) / 2 / EYES_TO_MOUTH;
  const reference = mean([left, right, mouth]);
  const centre = { x: reference.x, y: reference.y + (0.5 - REFERENCE_HEIGHT) * size };
  return { centre: turn(centre, angle, middle), size, angle };
}

/**
 * Cuts a face out of a picture and turns it upright. Pixels beyond the border repeat the edge.
 * @param side pixels of the result, which is square: red, green and blue as 0 to 255, row by row
 */
export function cutChip(picture: Pixels, frame: ChipFrame, side: number): Float32Array {
  const { centre, size, angle } = frame;
  const step = size / side;
  const right = { x: Math.cos(angle) * step, y: Math.sin(angle) * step };
  const down = { x: -right.y, y: right.x };
  const middle = (side - 1) / 2;
  const start = {
    x: centre.x - middle * (right.x + down.x),
    y: centre.y - middle * (right.y + down.y),
  };
  const samples = Math.max(1, Math.ceil(step));
  return warp(picture, { start, right, down }, { width: side, height: side, samples, beyond: 'edge' });
}
