import { luma } from './luma';

/** What a small grey picture of a face shows about the photo. */

/** Pixels a side of the grey face that is measured: no more than the smallest face that is accepted has. */
export const MEASURE_SIDE = 64;
const THUMBPRINT_SIDE = 16;

/** The part of the chip that is always face, not hair or background: shares of its side. */
const FACE = { left: 0.2, right: 0.8, top: 0.2, bottom: 0.9 };
/** Luma from which a pixel counts as burnt out. */
const WHITE = 250;

interface ChipMeasures {
  readonly brightness: number;
  readonly burntOut: number;
  readonly sharpness: number;
  readonly thumbprint: Uint8Array;
}

/** @param chip MEASURE_SIDE pixels a side; red, green, blue, 0 to 255 */
export function measureChip(chip: Float32Array): ChipMeasures {
  const grey = greyOf(chip);
  const { mean, variance, burntOut } = spread(grey);
  return {
    brightness: mean,
    burntOut,
    sharpness: variance === 0 ? 0 : laplacian(grey) / variance,
    thumbprint: thumbprint(grey),
  };
}

function greyOf(chip: Float32Array): Float32Array {
  const grey = new Float32Array(chip.length / 3);
  for (let i = 0; i < grey.length; i++) grey[i] = luma(chip, i * 3);
  return grey;
}

function* faceIndices(): Generator<number> {
  for (let row = Math.round(FACE.top * MEASURE_SIDE); row < FACE.bottom * MEASURE_SIDE; row++) {
    for (let column = Math.round(FACE.left * MEASURE_SIDE); column < FACE.right * MEASURE_SIDE; column++) {
      yield row * MEASURE_SIDE + column;
    }
  }
}

function spread(grey: Float32Array): { mean: number; variance: number; burntOut: number } {
  let [count, sum, squares, white] = [0, 0, 0, 0];
  for (const index of faceIndices()) {
    const value = grey[index] as number;
    count++;
    sum += value;
    squares += value * value;
    if (value >= WHITE) white++;
  }
  const mean = sum / count;
  return { mean, variance: Math.max(squares / count - mean * mean, 0), burntOut: white / count };
}

/** The variance of the Laplacian: large where neighbours differ, small out of focus. */
function laplacian(grey: Float32Array): number {
  let [count, sum, squares] = [0, 0, 0];
  const at = (index: number): number => grey[index] as number;
  for (const i of faceIndices()) {
    const value = at(i - 1) + at(i + 1) + at(i - MEASURE_SIDE) + at(i + MEASURE_SIDE) - 4 * at(i);
    count++;
    sum += value;
    squares += value * value;
  }
  return squares / count - (sum / count) ** 2;
}

/** Mean and contrast of every thumbprint, so that a lamp alone does not make another frame. */
const MIDDLE = 128;
const CONTRAST = 48;

function thumbprint(grey: Float32Array): Uint8Array {
  const step = MEASURE_SIDE / THUMBPRINT_SIDE;
  const small = new Float32Array(THUMBPRINT_SIDE * THUMBPRINT_SIDE);
  grey.forEach((value, i) => {
    const row = Math.floor(Math.floor(i / MEASURE_SIDE) / step);
    const column = Math.floor((i % MEASURE_SIDE) / step);
    const target = row * THUMBPRINT_SIDE + column;
    small[target] = (small[target] as number) + value / (step * step);
  });
  const mean = small.reduce((sum, value) => sum + value, 0) / small.length;
  const deviation = Math.sqrt(small.reduce((sum, value) => sum + (value - mean) ** 2, 0) / small.length);
  const scale = deviation === 0 ? 0 : CONTRAST / deviation;
  return Uint8Array.from(small, (value) =>
    Math.round(Math.min(Math.max(MIDDLE + (value - mean) * scale, 0), 255)),
  );
}
