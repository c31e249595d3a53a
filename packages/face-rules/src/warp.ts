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
  /** What lies beyond the picture's border: its edge goes on, or everything is black. */
  readonly beyond: 'edge' | 'black';
}

/**
 * Takes a part out of a picture, perhaps turned and at another size, bilinearly. The middle of the picture's first
 * pixel lies at (.5, .5).
 * @returns red, green and blue as 0 to 255, row by row
 */
export function warp(picture: Pixels, grid: Grid, options: WarpOptions): Float32Array {
  const { width, height, samples = 1, beyond } = options;
  const { start, right, down } = grid;
  const { rgb, width: fullWidth, height: fullHeight } = picture;
  const [lastX, lastY] = [fullWidth - 1, fullHeight - 1];
  const result = new Float32Array(width * height * 3);
  const share = 1 / (samples * samples);
  for (let row = 0, target = 0; row < height; row++) {
    for (let column = 0; column < width; column++, target += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let i = 0; i < samples; i++) {
        const r = row + (i + 0.5) / samples - 0.5;
        for (let j = 0; j < samples; j++) {
          const c = column + (j + 0.5) / samples - 0.5;
          const x = start.x + c * right.x + r * down.x - 0.5;
          const y = start.y + c * right.y + r * down.y - 0.5;
          if (beyond === 'black' && (x < 0 || y < 0 || x > lastX || y > lastY)) continue;
          const x0 = Math.min(Math.max(Math.floor(x), 0), lastX);
          const y0 = Math.min(Math.max(Math.floor(y), 0), lastY);
          const x1 = Math.min(x0 + 1, lastX);
          const y1 = Math.min(y0 + 1, lastY);
          const fx = Math.min(Math.max(x - x0, 0), 1);
          const fy = Math.min(Math.max(y - y0, 0), 1);
          const [a, b] = [(y0 * fullWidth + x0) * 3, (y0 * fullWidth + x1) * 3];
          const [c0, d] = [(y1 * fullWidth + x0) * 3, (y1 * fullWidth + x1) * 3];
          const [wa, wb, wc, wd] = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
          // Indices are within the picture.
          red += at(rgb, a) * wa + at(rgb, b) * wb + at(rgb, c0) * wc + at(rgb, d) * wd;
          green += at(rgb, a + 1) * wa + at(rgb, b + 1) * wb + at(rgb, c0 + 1) * wc + at(rgb, d + 1) * wd;
          blue += at(rgb, a + 2) * wa + at(rgb, b + 2) * wb + at(rgb, c0 + 2) * wc + at(rgb, d + 2) * wd;
        }
      }
      result[target] = red * share;
      result[target + 1] = green * share;
      result[target + 2] = blue * share;
    }
  }
  return result;
}

const at = (values: Uint8Array, index: number): number => values[index] as number;
