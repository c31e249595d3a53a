import sharp from 'sharp';
import type { Picture } from './picture';

/** Pixels a side of the grey picture that is hashed, and frequencies a side that the hash is made of. */
const SIDE = 32;
const FREQUENCIES = 16;
const BITS = FREQUENCIES * FREQUENCIES;

/** Rows of the discrete cosine transform, from the lowest frequency. */
const WAVES = Array.from({ length: FREQUENCIES }, (_, k) =>
  Float64Array.from({ length: SIDE }, (__, i) => Math.cos((Math.PI * k * (2 * i + 1)) / (2 * SIDE))),
);

/**
 * A perceptual hash: the signs of the lowest frequencies of the whole picture. Light, contrast, colour, size and
 * compression change few of them; a step of the person or of the camera changes many.
 * @returns 256 bits, of which the first, the mean, is always 0
 */
export async function pictureHash({ rgb, width, height }: Picture): Promise<Uint8Array> {
  const grey = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(SIDE, SIDE, { fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer();
  const rows = WAVES.map((wave) =>
    Float64Array.from({ length: SIDE }, (_, y) => dot(wave, grey.subarray(y * SIDE, (y + 1) * SIDE))),
  );
  const frequencies = WAVES.flatMap((wave) => rows.map((row) => dot(wave, row)));
  frequencies[0] = 0;
  return signBits(frequencies, BITS);
}

/** The signs of numbers, eight a byte: 1 if one is above 0. */
export function signBits(numbers: ArrayLike<number>, count: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (let i = 0; i < count; i++) {
    if ((numbers[i] as number) > 0) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  }
  return bits;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < SIDE; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
