import { solved } from './linear-equations';
import { BEYOND, SURROUNDINGS_SIDE } from './surroundings';

/**
 * How alike two pictures are around the face, after the best shift, scaling and shear of one to the other: what another
 * crop, size or distance changes is undone, what a turned head shows is not.
 */

/** The ring that is compared, in which ears, cheeks, hair and a little of the wall lie. Lengths in shares of the side. */
const RING = {
  inner: 0.8,
  outer: 1.3,
  x: 0.5,
  y: 0.504,
  halfWidth: 0.222,
  up: 0.333,
  down: 0.356,
  lowest: 0.793,
};
/** Starts of the search: scales and shifts (shares of the side) that crops of one picture differ by. */
const SCALES = [1, 0.88, 0.94, 1.06, 1.14];
const SHIFTS = [0, -0.1, -0.05, 0.05, 0.1];
const STEPS = 15;
/** The search has converged when a step gains less. */
const GAIN = 2e-4;
/** Share of the ring that both photos must show; one that is cut off so tightly could be a forged one. */
const MIN_SHARE = 0.25;

interface Spot {
  /** From the middle, in shares of the side. */
  readonly u: number;
  readonly v: number;
  readonly value: number;
}

/** x = a u + b v + c, y = d u + e v + f: six numbers, in shares of the side, from the middle. */
type Affine = readonly number[];

/** The picture as a mirror shows it. */
export const mirrored = (picture: Uint8Array): Uint8Array =>
  picture.map(
    (_, i) =>
      picture[i - (i % SURROUNDINGS_SIDE) + SURROUNDINGS_SIDE - 1 - (i % SURROUNDINGS_SIDE)] as number,
  );

/**
 * @param one from `cutSurroundings`, as `other`
 * @returns correlation of the ring, up to 1; NaN if too little of it can be seen
 */
export function likeness(one: Uint8Array, other: Uint8Array): number {
  const [first, second] = [softened(evenlyLit(one)), softened(evenlyLit(other))];
  const spots = SPOTS.map(({ u, v, index }) => ({ u, v, value: first[index] as number })).filter(
    ({ value }) => value !== BEYOND,
  );
  const rate = (affine: Affine, of: readonly Spot[]): number =>
    correlation(of, sampled(second, affine, of), SPOTS.length * MIN_SHARE * (of.length / spots.length));
  // A quarter of the spots is enough to find where to start.
  const few = spots.filter((_, i) => i % 4 === 0);
  const starts = SCALES.flatMap((scale) =>
    SHIFTS.flatMap((x) => SHIFTS.map((y) => [scale, 0, x, 0, scale, y])),
  );
  let affine: Affine = starts.reduce(
    (best, start) => {
      const rating = rate(start, few);
      return rating > best.rating ? { start, rating } : best;
    },
    { start: [1, 0, 0, 0, 1, 0], rating: -1 },
  ).start;
  let best = rate(affine, spots);
  for (let step = 0; step < STEPS; step++) {
    const next = improved(second, affine, spots, (candidate) => rate(candidate, spots), best);
    if (next === null) break;
    const gain = next.rating - best;
    ({ affine, rating: best } = next);
    if (gain < GAIN) break;
  }
  return best;
}

/** Reach of the light that is taken away, in pixels; what a turned head moves is smaller. */
const LIGHT_REACH = 6;
/** Dark pixels differ by noise more than by what is seen. */
const DARK = 8;
/** Grey values for a factor of e in brightness, about the middle. */
const CONTRAST = 110;

/**
 * The picture by how much brighter each pixel is than those around it: a lamp that shines from one side, or a gradient that
 * software lays over a warp, changes little of that.
 */
function evenlyLit(picture: Uint8Array): Uint8Array {
  const side = SURROUNDINGS_SIDE;
  // Sums of all pixels above and to the left, so that the mean of any rectangle takes four of them.
  const [light, count] = [new Float64Array((side + 1) ** 2), new Float64Array((side + 1) ** 2)];
  const at = (row: number, column: number): number => row * (side + 1) + column;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const value = picture[row * side + column] as number;
      for (const [sums, own] of [
        [light, value === BEYOND ? 0 : Math.log(value + DARK)],
        [count, value === BEYOND ? 0 : 1],
      ] as const) {
        const before = (sums[at(row, column + 1)] as number) + (sums[at(row + 1, column)] as number);
        sums[at(row + 1, column + 1)] = own + before - (sums[at(row, column)] as number);
      }
    }
  }
  return picture.map((value, i) => {
    if (value === BEYOND) return BEYOND;
    const [row, column] = [Math.floor(i / side), i % side];
    const [top, bottom] = [Math.max(row - LIGHT_REACH, 0), Math.min(row + LIGHT_REACH + 1, side)];
    const [left, right] = [Math.max(column - LIGHT_REACH, 0), Math.min(column + LIGHT_REACH + 1, side)];
    const within = (sums: Float64Array): number =>
      (sums[at(bottom, right)] as number) -
      (sums[at(top, right)] as number) -
      (sums[at(bottom, left)] as number) +
      (sums[at(top, left)] as number);
    const relative = Math.log(value + DARK) - within(light) / within(count);
    return Math.min(Math.max(Math.round(128 + CONTRAST * relative), 1), 255);
  });
}

/** The mean of each pixel with its neighbours, so that it does not matter between which pixels a picture was sampled. */
function softened(picture: Uint8Array): Uint8Array {
  return picture.map((_, i) => {
    const [row, column] = [Math.floor(i / SURROUNDINGS_SIDE), i % SURROUNDINGS_SIDE];
    if (Math.min(row, column) === 0 || Math.max(row, column) === SURROUNDINGS_SIDE - 1) return BEYOND;
    let sum = 0;
    for (const down of [-SURROUNDINGS_SIDE, 0, SURROUNDINGS_SIDE]) {
      for (const right of [-1, 0, 1]) {
        const value = picture[i + down + right] as number;
        if (value === BEYOND) return BEYOND;
        sum += value;
      }
    }
    return Math.round(sum / 9);
  });
}

function spotsOfRing(): readonly { u: number; v: number; index: number }[] {
  const { inner, outer, x, y, halfWidth, up, down, lowest } = RING;
  return Array.from({ length: SURROUNDINGS_SIDE ** 2 }, (_, index) => {
    const u = ((index % SURROUNDINGS_SIDE) + 0.5) / SURROUNDINGS_SIDE;
    const v = (Math.floor(index / SURROUNDINGS_SIDE) + 0.5) / SURROUNDINGS_SIDE;
    const radius = Math.hypot((u - x) / halfWidth, (v - y) / (v < y ? up : down));
    return { u: u - 0.5, v: v - 0.5, index, inside: radius >= inner && radius <= outer && v <= lowest };
  }).filter(({ inside }) => inside);
}

const SPOTS = spotsOfRing();

/** A step of Gauss and Newton: brightness and contrast are free. null: none is better. */
function improved(
  picture: Uint8Array,
  affine: Affine,
  spots: readonly Spot[],
  rate: (affine: Affine) => number,
  best: number,
): { affine: Affine; rating: number } | null {
  const reach = 0.7 / SURROUNDINGS_SIDE;
  const moved = (index: number, by: number): Float64Array =>
    sampled(
      picture,
      affine.map((value, i) => (i === index ? value + by : value)),
      spots,
    );
  const [here, right, left] = [sampled(picture, affine, spots), moved(2, reach), moved(2, -reach)];
  const [down, up] = [moved(5, reach), moved(5, -reach)];
  const equations = Array.from({ length: 8 }, () => new Float64Array(9));
  spots.forEach(({ u, v, value }, i) => {
    const dx = ((right[i] as number) - (left[i] as number)) / 2 / reach;
    const dy = ((down[i] as number) - (up[i] as number)) / 2 / reach;
    const row = [dx * u, dx * v, dx, dy * u, dy * v, dy, -value, -1, -(here[i] as number)];
    if (row.some(Number.isNaN)) return;
    for (let a = 0; a < equations.length; a++) {
      const sums = equations[a] as Float64Array;
      for (let b = 0; b < row.length; b++)
        sums[b] = (sums[b] as number) + (row[a] as number) * (row[b] as number);
    }
  });
  const change = solved(equations);
  for (let part = 1; part > 0.1; part /= 2) {
    const candidate = affine.map((value, i) => value + part * (change[i] as number));
    const rating = rate(candidate);
    if (rating > best) return { affine: candidate, rating };
  }
  return null;
}

/** What lies at the spots' places; NaN beyond the photo. */
function sampled(picture: Uint8Array, affine: Affine, spots: readonly Spot[]): Float64Array {
  const [a, b, c, d, e, f] = affine as [number, number, number, number, number, number];
  return Float64Array.from(spots, ({ u, v }) => {
    const x = (a * u + b * v + c + 0.5) * SURROUNDINGS_SIDE - 0.5;
    const y = (d * u + e * v + f + 0.5) * SURROUNDINGS_SIDE - 0.5;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    if (!(left >= 0 && top >= 0 && left + 1 < SURROUNDINGS_SIDE && top + 1 < SURROUNDINGS_SIDE)) return NaN;
    const first = top * SURROUNDINGS_SIDE + left;
    const [p, q] = [picture[first] as number, picture[first + 1] as number];
    const [r, s] = [
      picture[first + SURROUNDINGS_SIDE] as number,
      picture[first + SURROUNDINGS_SIDE + 1] as number,
    ];
    if (p === BEYOND || q === BEYOND || r === BEYOND || s === BEYOND) return NaN;
    const [fx, fy] = [x - left, y - top];
    return (p * (1 - fx) + q * fx) * (1 - fy) + (r * (1 - fx) + s * fx) * fy;
  });
}

/** @param least number of spots that must be seen, else it is NaN */
function correlation(spots: readonly Spot[], values: Float64Array, least: number): number {
  let [count, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  spots.forEach(({ value }, i) => {
    const other = values[i] as number;
    if (Number.isNaN(other)) return;
    count++;
    x += value;
    y += other;
    xx += value * value;
    yy += other * other;
    xy += value * other;
  });
  if (count === 0 || count < least) return NaN;
  return (xy - (x * y) / count) / Math.sqrt((xx - (x * x) / count) * (yy - (y * y) / count));
}
