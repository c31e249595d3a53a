/** Pixels, from the upper left corner of the picture; y grows downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The 68 landmarks in the usual order (iBUG 300-W); left and right are those of the photo, not of the person. */
export type Landmarks = readonly Point[];

/** First landmark and the one behind the last. */
type Range = readonly [from: number, to: number];

export const LEFT_EYE: Range = [36, 42];
export const RIGHT_EYE: Range = [42, 48];
export const MOUTH: Range = [48, 68];
/** The outer edge of the upper lip, around its middle. */
export const UPPER_LIP: Range = [50, 53];
export const NOSE_TIP = 30;
export const LEFT_MOUTH_CORNER = 48;
export const RIGHT_MOUTH_CORNER = 54;
/** Inner edge of the upper lip and of the lower one, in opposite pairs. */
export const INNER_LIPS: readonly Range[] = [
  [61, 67],
  [62, 66],
  [63, 65],
];

/** @throws RangeError if the model gave fewer points */
export function landmark(landmarks: Landmarks, index: number): Point {
  const point = landmarks[index];
  if (point === undefined) throw new RangeError(`Landmark ${index} does not exist`);
  return point;
}

export const centreOf = (landmarks: Landmarks, [from, to]: Range): Point => mean(landmarks.slice(from, to));

export function mean(points: readonly Point[]): Point {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** @param angle radians, clockwise as seen in the picture */
export function turn({ x, y }: Point, angle: number, about: Point): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [x - about.x, y - about.y];
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

/** Middle of each eye, tip of the nose, corners of the mouth; left and right are those of the photo. */
export const fivePoints = (landmarks: Landmarks): readonly Point[] => [
  centreOf(landmarks, LEFT_EYE),
  centreOf(landmarks, RIGHT_EYE),
  landmark(landmarks, NOSE_TIP),
  landmark(landmarks, LEFT_MOUTH_CORNER),
  landmark(landmarks, RIGHT_MOUTH_CORNER),
];

/** The line from eye to eye: its middle, its length (pixels) and its slope (radians, above 0 falls to the right). */
export function eyeLine(landmarks: Landmarks): { middle: Point; length: number; angle: number } {
  const left = centreOf(landmarks, LEFT_EYE);
  const right = centreOf(landmarks, RIGHT_EYE);
  return {
    middle: mean([left, right]),
    length: distance(left, right),
    angle: Math.atan2(right.y - left.y, right.x - left.x),
  };
}
