import type { Pixels, Point } from '@rollcall/face-rules';
import type { Random } from './random-noise';

/** Taken once: in jest's contexts every look at a global is slow, and these are needed for each pixel. */
const { ceil, floor, max, min, round } = Math;

/** A corner in the picture; the larger the depth, the nearer it is. */
export interface Vertex extends Point {
  readonly depth: number;
}

type Colour = (x: number, y: number) => readonly number[];

/** A picture that surfaces are drawn into; the nearest one is seen. */
export class Raster {
  private readonly colours: Float32Array;
  private readonly nearest: Float32Array;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.colours = new Float32Array(width * height * 3);
    this.nearest = new Float32Array(width * height).fill(-Infinity);
  }

  /** Paints what lies behind everything. */
  fill(colour: Colour): void {
    for (let i = 0; i < this.nearest.length; i++) {
      this.colours.set(colour(i % this.width, floor(i / this.width)), i * 3);
    }
  }

  /**
   * Draws a surface with four corners.
   * @param texture where each corner lies in the texture
   * @param colour of the texture
   */
  quad(corners: readonly Vertex[], texture: readonly Point[], colour: Colour): void {
    for (const [a, b, c] of [
      [0, 1, 2],
      [0, 2, 3],
    ] as const) {
      this.triangle(
        [corners[a], corners[b], corners[c]] as [Vertex, Vertex, Vertex],
        [texture[a], texture[b], texture[c]] as [Point, Point, Point],
        colour,
      );
    }
  }

  /** The photo of it, with noise. @param noise standard deviation, of 255 */
  exposed(random: Random, noise: number): Pixels {
    const rgb = Uint8Array.from(this.colours, (value) =>
      round(min(max(value + random.normal() * noise, 0), 255)),
    );
    return { rgb, width: this.width, height: this.height };
  }

  private triangle([a, b, c]: [Vertex, Vertex, Vertex], [ta, tb, tc]: [Point, Point, Point], colour: Colour) {
    const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    // Turned away from the camera, or seen from its edge.
    if (!(area > 1e-9)) return;
    const [top, bottom] = [min(a.y, b.y, c.y), max(a.y, b.y, c.y)];
    const [left, right] = [min(a.x, b.x, c.x), max(a.x, b.x, c.x)];
    for (let y = max(0, ceil(top)); y <= min(this.height - 1, bottom); y++) {
      for (let x = max(0, ceil(left)); x <= min(this.width - 1, right); x++) {
        const wb = ((x - a.x) * (c.y - a.y) - (c.x - a.x) * (y - a.y)) / area;
        const wc = ((b.x - a.x) * (y - a.y) - (x - a.x) * (b.y - a.y)) / area;
        const wa = 1 - wb - wc;
        if (wa < -1e-6 || wb < -1e-6 || wc < -1e-6) continue;
        const depth = wa * a.depth + wb * b.depth + wc * c.depth;
        const index = y * this.width + x;
        if (depth <= (this.nearest[index] as number)) continue;
        this.nearest[index] = depth;
        this.colours.set(
          colour(wa * ta.x + wb * tb.x + wc * tc.x, wa * ta.y + wb * tb.y + wc * tc.y),
          index * 3,
        );
      }
    }
  }
}
