import type { Pixels } from './pixels';

/** Where the pixels of a result come from: the middle of the one in column c and row r lies at start + c * right + r * down. */
export interface Grid {
  readonly start: { readonly x: number; readonly y: number };
  readonly right: { readonly x: number; readonly y: number };
  readonly down: { readonly x: number; readonly y: number };
}

interface WarpOptions {
  readonly width: number;
  readonly height: number;
  /** Points taken for each pixel in both directions; their mean keeps a reduction free of moiré. */
  readonly samples?: number;
  /** How pixels beyond the border are filled: with the edge, or with black. */
  readonly beyond: 'edge' | 'black';
}

/**
 * Takes a part out of a picture, perhaps turned and at another size, bilinearly. The middle of the picture's first
 * pixel lies at (.5, .5).
 * @returns red, green and blue as 0 to 255, row by row
 */
export function warp(picture: Pixels, grid: Grid, options: WarpOptions): Float32Array {
  const { width, height, samples = 1 } = options;
  const { start, right, down } = grid;
  const result = new Float32Array(width * height * 3);
  const add = samples < NEAREST_FROM ? addBetween : addNearest;
  const share = 1 / (samples * samples);
  for (let row = 0, target = 0; row < height; row++) {
    for (let column = 0; column < width; column++, target += 3) {
      for (let i = 0; i < samples; i++) {
        const r = row + (i + 0.5) / samples - 0.5;
        for (let j = 0; j < samples; j++) {
          const c = column + (j + 0.5) / samples - 0.5;
          const x = start.x + c * right.x + r * down.x;
          const y = start.y + c * right.y + r * down.y;
          add(picture, x, y, options.beyond === 'black', result, target);
        }
      }
      if (samples === 1) continue;
      result[target] = at(result, target) * share;
      result[target + 1] = at(result, target + 1) * share;
      result[target + 2] = at(result, target + 2) * share;
    }
  }
  return result;
}

/** With so many samples of a pixel their mean is as good without looking between the picture's pixels, at a quarter of the cost. */
const NEAREST_FROM = 3;

/** Adds the colour of the pixel at a point. */
function addNearest(
  { rgb, width, height }: Pixels,
  x: number,
  y: number,
  black: boolean,
  result: Float32Array,
  target: number,
): void {
  let [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) {
    if (black) return;
    column = Math.min(Math.max(column, 0), width - 1);
    row = Math.min(Math.max(row, 0), height - 1);
  }
  const from = (row * width + column) * 3;
  result[target] = at(result, target) + at(rgb, from);
  result[target + 1] = at(result, target + 1) + at(rgb, from + 1);
  result[target + 2] = at(result, target + 2) + at(rgb, from + 2);
}

/** Adds the colour at a point, from the four pixels around it. */
function addBetween(
  { rgb, width, height }: Pixels,
  px: number,
  py: number,
  black: boolean,
  result: Float32Array,
  target: number,
): void {
  const [x, y, lastX, lastY] = [px - 0.5, py - 0.5, width - 1, height - 1];
  if (black && (x < 0 || y < 0 || x > lastX || y > lastY)) return;
  const x0 = Math.min(Math.max(Math.floor(x), 0), lastX);
  const y0 = Math.min(Math.max(Math.floor(y), 0), lastY);
  const fx = Math.min(Math.max(x - x0, 0), 1);
  const fy = Math.min(Math.max(y - y0, 0), 1);
  const a = (y0 * width + x0) * 3;
  const b = x0 < lastX ? a + 3 : a;
  const below = y0 < lastY ? width * 3 : 0;
  const wa = (1 - fx) * (1 - fy);
  const wb = fx * (1 - fy);
  const wc = (1 - fx) * fy;
  const wd = fx * fy;
  for (let channel = 0; channel < 3; channel++) {
    const [upper, lower] = [a + channel, a + below + channel];
    const [upperRight, lowerRight] = [b + channel, b + below + channel];
    result[target + channel] =
      at(result, target + channel) +
      at(rgb, upper) * wa +
      at(rgb, upperRight) * wb +
      at(rgb, lower) * wc +
      at(rgb, lowerRight) * wd;
  }
}

const at = (values: Uint8Array | Float32Array, index: number): number => values[index] as number;
