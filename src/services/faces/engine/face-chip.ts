import { type Landmarks, type Pixels, type Point, fivePoints, warp } from '@rollcall/face-rules';
import type { RecognizerManifest } from './recognizer-manifest';

/**
 * Cuts a face out so that its eyes, nose and mouth lie where the model expects them: by the similarity (turn, size,
 * shift) that brings the five points nearest, in least squares. Beyond the picture all is black.
 * @returns red, green and blue as 0 to 255, row by row
 */
export function alignedChip(
  picture: Pixels,
  landmarks: Landmarks,
  { alignment, input: { size } }: Pick<RecognizerManifest, 'alignment' | 'input'>,
): Float32Array {
  const template = alignment.map(([x, y]) => ({ x, y }));
  const { cos, sin, shift } = similarityTo(template, fivePoints(landmarks));
  const toPicture = ({ x, y }: Point): Point => ({
    x: cos * x - sin * y + shift.x,
    y: sin * x + cos * y + shift.y,
  });
  return warp(
    picture,
    { start: toPicture({ x: 0.5, y: 0.5 }), right: { x: cos, y: sin }, down: { x: -sin, y: cos } },
    {
      width: size,
      height: size,
      samples: Math.max(1, Math.ceil(Math.hypot(cos, sin))),
      beyond: 'black',
    },
  );
}

/** The similarity that takes the points `from` to the points `to`, in closed form. */
function similarityTo(
  from: readonly Point[],
  to: readonly Point[],
): { cos: number; sin: number; shift: Point } {
  const [a, b] = [meanOf(from), meanOf(to)];
  let [dot, cross, squares] = [0, 0, 0];
  from.forEach((point, i) => {
    const [x, y] = [point.x - a.x, point.y - a.y];
    const other = to[i] as Point;
    const [u, v] = [other.x - b.x, other.y - b.y];
    dot += x * u + y * v;
    cross += x * v - y * u;
    squares += x * x + y * y;
  });
  const [cos, sin] = [dot / squares, cross / squares];
  return { cos, sin, shift: { x: b.x - cos * a.x + sin * a.y, y: b.y - sin * a.x - cos * a.y } };
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((p, q) => ({ x: p.x + q.x, y: p.y + q.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
