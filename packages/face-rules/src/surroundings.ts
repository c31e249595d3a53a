import type { Landmarks, Point } from './landmarks';
import { landmark } from './landmarks';
import { luma } from './luma';
import type { Pixels } from './pixels';

/**
 * Pixels a side of the grey picture of a face and what surrounds it. One pixel is 1/32 of the face's width, so that a
 * camera's noise is averaged away and a moved ear is not.
 */
export const SURROUNDINGS_SIDE = 72;
/** Side of the picture, by the face's width from ear to ear. */
const EXTENT = 2.25;
/** Where the middle between the ears lies, as a share of the height. */
const EARS_HEIGHT = 0.46;
/** Samples in both directions for each pixel; more would cost a check a millisecond and change nothing. */
const MAX_SAMPLES = 3;
/** The value of a pixel that lies beyond the photo's border. */
export const BEYOND = 0;

/** First and last landmark of the jaw: they lie at the ears. */
const EARS = [0, 16] as const;

/**
 * Cuts out a face with the hair, the ears and the wall next to it, upright by its ears.
 * @returns grey, 1 to 255, row by row; BEYOND where the photo ends
 */
export function cutSurroundings(picture: Pixels, landmarks: Landmarks): Uint8Array {
  const [left, right] = [landmark(landmarks, EARS[0]), landmark(landmarks, EARS[1])];
  const step = EXTENT / SURROUNDINGS_SIDE;
  const across = { x: (right.x - left.x) * step, y: (right.y - left.y) * step };
  const start = {
    x: (left.x + right.x) / 2 - SURROUNDINGS_SIDE * (across.x / 2 - across.y * EARS_HEIGHT),
    y: (left.y + right.y) / 2 - SURROUNDINGS_SIDE * (across.y / 2 + across.x * EARS_HEIGHT),
  };
  const samples = Math.min(Math.max(Math.ceil(Math.hypot(across.x, across.y)), 1), MAX_SAMPLES);
  const at = (column: number, row: number): Point => ({
    x: start.x + column * across.x - row * across.y,
    y: start.y + column * across.y + row * across.x,
  });
  return Uint8Array.from({ length: SURROUNDINGS_SIDE ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / SURROUNDINGS_SIDE), i % SURROUNDINGS_SIDE];
    let sum = 0;
    for (let n = 0; n < samples * samples; n++) {
      const { x, y } = at(
        column + ((n % samples) + 0.5) / samples,
        row + (Math.floor(n / samples) + 0.5) / samples,
      );
      const value = greyAt(picture, x, y);
      if (value === null) return BEYOND;
      sum += value;
    }
    return Math.max(1, Math.round(sum / (samples * samples)));
  });
}

/** Bilinear; null beyond the border. The middle of the first pixel lies at (.5, .5). */
function greyAt({ rgb, width, height }: Pixels, x: number, y: number): number | null {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return null;
  const [fx, fy] = [x - 0.5 - left, y - 0.5 - top];
  const first = (top * width + left) * 3;
  const below = first + width * 3;
  return (
    (luma(rgb, first) * (1 - fx) + luma(rgb, first + 3) * fx) * (1 - fy) +
    (luma(rgb, below) * (1 - fx) + luma(rgb, below + 3) * fx) * fy
  );
}
