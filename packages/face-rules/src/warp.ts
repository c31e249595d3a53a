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

/** With so many samples of a pixel their mean is as good without looking between the picture's pixels, at a quarter of the cost. */
const NEAREST_FROM = 3;

/**
 * Takes a part out of a picture, perhaps turned and at another size, bilinearly. The middle of the picture's first
 * pixel lies at (.5, .5).
 * @returns red, green and blue as 0 to 255, row by row
 */
export function warp(picture: Pixels, grid: Grid, options: WarpOptions): Float32Array {
  const { width, height, samples = 1 } = options;
  const result = new Float32Array(width * height * 3);
  const black = options.beyond === 'black';
  // Separate loops: with a call for each sample they take five times as long.
  if (samples < NEAREST_FROM) between(picture, grid, { width, height, samples, black, result });
  else nearest(picture, grid, { width, height, samples, black, result });
  return result;
}

interface Target {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly black: boolean;
  readonly result: Float32Array;
}

/** Each sample has the colour of the pixel at its point. */
function nearest({ rgb, width: across, height: deep }: Pixels, grid: Grid, target: Target): void {
  const { width, height, samples, black, result } = target;
  const { start, right, down } = stepOf(grid, samples);
  const share = 1 / (samples * samples);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let r = row * samples; r < (row + 1) * samples; r++) {
        const x0 = start.x + r * down.x;
        const y0 = start.y + r * down.y;
        for (let c = column * samples; c < (column + 1) * samples; c++) {
          const x = x0 + c * right.x;
          const y = y0 + c * right.y;
          // Integers, which the compiler then reckons with.
          let px = x | 0;
          let py = y | 0;
          if (!(x >= 0 && y >= 0 && px < across && py < deep)) {
            if (black) continue;
            px = Math.min(Math.max(px, 0), across - 1);
            py = Math.min(Math.max(py, 0), deep - 1);
          }
          const from = (py * across + px) * 3;
          red += rgb[from] as number;
          green += rgb[from + 1] as number;
          blue += rgb[from + 2] as number;
        }
      }
      result[to] = red * share;
      result[to + 1] = green * share;
      result[to + 2] = blue * share;
    }
  }
}

/** Each sample has the colour at its point, from the four pixels around it. */
function between({ rgb, width: across, height: deep }: Pixels, grid: Grid, target: Target): void {
  const { width, height, samples, black, result } = target;
  const { start, right, down } = stepOf(grid, samples);
  const [lastX, lastY] = [across - 1, deep - 1];
  const share = 1 / (samples * samples);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += 3) {
      for (let r = row * samples; r < (row + 1) * samples; r++) {
        for (let c = column * samples; c < (column + 1) * samples; c++) {
          const x = start.x + r * down.x + c * right.x - 0.5;
          const y = start.y + r * down.y + c * right.y - 0.5;
          if (black && !(x >= 0 && y >= 0 && x <= lastX && y <= lastY)) continue;
          const px = Math.min(Math.max(x, 0), lastX);
          const py = Math.min(Math.max(y, 0), lastY);
          const x0 = px | 0;
          const y0 = py | 0;
          const fx = px - x0;
          const fy = py - y0;
          const a = (y0 * across + x0) * 3;
          const b = x0 < lastX ? a + 3 : a;
          const below = y0 < lastY ? across * 3 : 0;
          for (let channel = 0; channel < 3; channel++) {
            const upper = (rgb[a + channel] as number) * (1 - fx) + (rgb[b + channel] as number) * fx;
            const lower =
              (rgb[a + below + channel] as number) * (1 - fx) + (rgb[b + below + channel] as number) * fx;
            result[to + channel] = (result[to + channel] as number) + (upper * (1 - fy) + lower * fy) * share;
          }
        }
      }
    }
  }
}

/** The grid of the samples: the first one's place, and the steps from one to the next. */
function stepOf({ start, right, down }: Grid, samples: number): Grid {
  const back = 0.5 / samples - 0.5;
  return {
    start: { x: start.x + back * (right.x + down.x), y: start.y + back * (right.y + down.y) },
    right: { x: right.x / samples, y: right.y / samples },
    down: { x: down.x / samples, y: down.y / samples },
  };
}
