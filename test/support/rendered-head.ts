/**
 * Three-dimensional sequences for tests: a portrait's texture on the surface of a head, turned, seen by a camera with
 * noise of its own before a wall that does not move. They are rendered, and no photos of somebody who moved.
 */
import type { Pixels, Point } from '@rollcall/face-rules';
import { Random } from './random-noise';
import { type Vertex, Raster } from './raster';

/** Taken once: in jest's contexts every look at a global is slow, and these are needed for each pixel. */
const { abs, cos, exp, floor, hypot, max, min, sin, sqrt, PI } = Math;

export interface Movement {
  /** Degrees; above 0 the person turns to their own left, which is the right of the photo. */
  readonly yaw?: number;
  /** Degrees; above 0 the person looks up. */
  readonly pitch?: number;
  /** Degrees by which the lower jaw drops. */
  readonly jaw?: number;
}

/** Where a face is in a portrait, in pixels; left and right are those of the photo. */
export interface FacePoints {
  readonly leftEye: Point;
  readonly rightEye: Point;
  readonly nose: Point;
  readonly leftCorner: Point;
  readonly rightCorner: Point;
  /** Between the lips, in the middle of the mouth. */
  readonly lips: Point;
}

/** What a camera adds to each photo. */
export interface Camera {
  /** Another number, other noise and another small sway of the person. */
  readonly seed: number;
  /** Standard deviation of the sensor's noise, of 255. */
  readonly noise?: number;
}

/** Lengths are in distances between the eyes, from the middle between them; z grows towards the camera. */
interface Solid {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Half the width, half the height, and the depth of the head; its middle below the eyes. */
const HEAD = { width: 1.3, height: 1.95, depth: 1.35, middle: 0.15 };
/** The joint of the neck, about which a head turns, and that of the jaw. */
const NECK: Solid = { x: 0, y: 0.8, z: -1 };
const JAW: Solid = { x: 0, y: 0.4, z: -0.95 };
const GAP = [45, 16, 18];
/** Pixels of the portrait between the points of the surface. */
const STEP = 2;

const bump = (x: number, y: number): number => exp(-x * x - y * y);

export class RenderedHead {
  private readonly middle: Point;
  private readonly unit: number;
  private readonly angle: number;
  private readonly nose: Point;
  private readonly mouth: { readonly centre: Point; readonly half: number; readonly corners: number };

  constructor(
    private readonly portrait: Pixels,
    { leftEye, rightEye, nose, leftCorner, rightCorner, lips }: FacePoints,
  ) {
    this.middle = { x: (leftEye.x + rightEye.x) / 2, y: (leftEye.y + rightEye.y) / 2 };
    this.unit = hypot(rightEye.x - leftEye.x, rightEye.y - leftEye.y);
    this.angle = Math.atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x);
    this.nose = this.toHead(nose);
    const [left, right] = [this.toHead(leftCorner), this.toHead(rightCorner)];
    this.mouth = {
      centre: this.toHead(lips),
      half: (right.x - left.x) / 2,
      corners: (left.y + right.y) / 2,
    };
  }

  /** The photo of one moment, of the size of the portrait. */
  photo({ yaw = 0, pitch = 0, jaw = 0 }: Movement, { seed, noise = 2.5 }: Camera): Pixels {
    const random = new Random(seed);
    const sway = {
      x: random.normal() * 0.03,
      y: random.normal() * 0.03,
      yaw: random.normal(),
      pitch: random.normal(),
    };
    const { width, height } = this.portrait;
    const raster = new Raster(width, height);
    this.drawWall(raster);
    const place = (at: Point): Vertex => {
      const solid = this.surface(at, jaw);
      const turned = turn(solid, radians(yaw + sway.yaw), radians(pitch + sway.pitch));
      const { x, y } = this.toPicture({ x: turned.x + sway.x, y: turned.y + sway.y });
      return { x, y, depth: turned.z };
    };
    for (let y = 0; y + STEP < height; y += STEP) {
      for (let x = 0; x + STEP < width; x += STEP) {
        const corners = [
          { x, y },
          { x: x + STEP, y },
          { x: x + STEP, y: y + STEP },
          { x, y: y + STEP },
        ];
        const centre = this.toHead({ x: x + STEP / 2, y: y + STEP / 2 });
        if (!isHead(centre)) continue;
        const dark = jaw > 0 && this.isGap(centre) ? GAP : null;
        raster.quad(
          corners.map((corner) => place(this.toHead(corner))),
          corners,
          (u, v) => dark ?? colourAt(this.portrait, u, v),
        );
      }
    }
    return raster.exposed(random, noise);
  }

  /** Where a point of the portrait lies on the head. */
  private surface({ x, y }: Point, jaw: number): Solid {
    const { nose } = this;
    const [across, down] = [x / HEAD.width, (y - HEAD.middle) / HEAD.height];
    const dome = sqrt(max(0, 1 - across ** 2 - down ** 4));
    const z =
      HEAD.depth * (dome - 0.93) +
      0.42 * bump((x - nose.x) / 0.22, (y - nose.y) / 0.22) +
      0.2 * bump((x - nose.x * 0.6) / 0.18, (y - nose.y * 0.5) / 0.3) +
      0.12 * bump((x - nose.x) / 0.45, (y - this.mouth.centre.y) / 0.3);
    const share = jaw === 0 ? 0 : this.belowMouth({ x, y });
    if (share === 0) return { x, y, z };
    const [cosine, sine] = [cos(radians(jaw * share)), sin(radians(jaw * share))];
    const [dy, dz] = [y - JAW.y, z - JAW.z];
    return { x, y: JAW.y + dy * cosine + dz * sine, z: JAW.z + dz * cosine - dy * sine };
  }

  /** Height of the line between the lips. */
  private lipLine(x: number): number {
    const { centre, half, corners } = this.mouth;
    return centre.y + (corners - centre.y) * min(((x - centre.x) / half) ** 2, 1);
  }

  /** How far a point goes with the jaw: not at all above the lips, all the way below, and skin stretches beside them. */
  private belowMouth({ x, y }: Point): number {
    const { centre, half } = this.mouth;
    const beside = max(0, abs(x - centre.x) / half - 0.9);
    const soft = this.seam + min(beside * 2, 1) * 0.8;
    const share = (y - this.lipLine(x) + soft / 2) / soft;
    return min(max(share, 0), 1);
  }

  /** Height of the strip between the lips that opens: what tears there is the inside of the mouth. */
  private get seam(): number {
    return (2 * STEP) / this.unit;
  }

  private isGap({ x, y }: Point): boolean {
    const { centre, half } = this.mouth;
    return abs(x - centre.x) < half * 0.9 && abs(y - this.lipLine(x)) < this.seam / 2;
  }

  /** What does not move: a wall with a door and a lamp's light, and the shoulders of the portrait. */
  private drawWall(raster: Raster): void {
    raster.fill((x, y) => {
      const at = this.toHead({ x, y });
      if (at.y > 1.35 && abs(at.x) < 0.75 + max(0, at.y - 1.9) * 3)
        return colourAt(this.portrait, ...this.pictureOf({ x: at.x, y: max(at.y, 2.05) }));
      const light = 150 + (40 * x) / this.portrait.width - (30 * y) / this.portrait.height;
      const door = at.x > 1.9 && at.x < 3 ? -35 : 0;
      const paper = 6 * sin(x / 7) * sin(y / 11);
      return [light + door + paper, light + door + paper - 4, light + door - 12];
    });
  }

  private pictureOf(point: Point): [number, number] {
    const { x, y } = this.toPicture(point);
    return [x, y];
  }

  private toHead({ x, y }: Point): Point {
    const [dx, dy] = [(x - this.middle.x) / this.unit, (y - this.middle.y) / this.unit];
    const [cosine, sine] = [cos(this.angle), sin(this.angle)];
    return { x: dx * cosine + dy * sine, y: -dx * sine + dy * cosine };
  }

  private toPicture({ x, y }: Point): Point {
    const [cosine, sine] = [cos(this.angle), sin(this.angle)];
    return {
      x: this.middle.x + this.unit * (x * cosine - y * sine),
      y: this.middle.y + this.unit * (x * sine + y * cosine),
    };
  }
}

const isHead = ({ x, y }: Point): boolean =>
  (x / HEAD.width) ** 2 + ((y - HEAD.middle) / HEAD.height) ** 4 < 0.98 && y < 1.95 - 0.35 * x * x;

/** Turns a point about the neck. */
function turn({ x, y, z }: Solid, yaw: number, pitch: number): Solid {
  const [dx, dy, dz] = [x - NECK.x, y - NECK.y, z - NECK.z];
  const ahead = -dx * sin(yaw) + dz * cos(yaw);
  return {
    x: NECK.x + dx * cos(yaw) + dz * sin(yaw),
    y: NECK.y + dy * cos(pitch) - ahead * sin(pitch),
    z: NECK.z + ahead * cos(pitch) + dy * sin(pitch),
  };
}

const radians = (degrees: number): number => (degrees * PI) / 180;

/** Bilinear; beyond the border its edge goes on. */
function colourAt({ rgb, width, height }: Pixels, x: number, y: number): readonly number[] {
  const [left, top] = [min(max(floor(x), 0), width - 2), min(max(floor(y), 0), height - 2)];
  const [fx, fy] = [min(max(x - left, 0), 1), min(max(y - top, 0), 1)];
  const first = (top * width + left) * 3;
  const below = first + width * 3;
  const mixed = (c: number): number =>
    ((rgb[first + c] as number) * (1 - fx) + (rgb[first + 3 + c] as number) * fx) * (1 - fy) +
    ((rgb[below + c] as number) * (1 - fx) + (rgb[below + 3 + c] as number) * fx) * fy;
  return [mixed(0), mixed(1), mixed(2)];
}
