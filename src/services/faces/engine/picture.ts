import sharp from 'sharp';
import type { Pixels } from '@rollcall/face-rules';
import { wholeJpeg } from '../../photos/input/jpeg-repair';

// As in the photo reader, which locks the loaders down for the whole process: requests are what runs in parallel,
// and no photo is kept in a cache.
sharp.concurrency(1);
sharp.cache(false);

/** Longest side in pixels at which faces are looked for: the detector reduces to 320 anyway, descriptors to 150. */
const MAX_SIDE = 1280;

/** Progressive JPEGs can make a decoder walk over the same pixels a hundred times. */
const DECODE_TIMEOUT_SECONDS = 10;

/** A decoded photo, upright and perhaps reduced. */
export interface Picture extends Pixels {
  /** Pixels of the upright photo before the reduction. */
  readonly photoWidth: number;
  readonly photoHeight: number;
}

/**
 * Decodes a photo.
 * @param proven false: this decode is the proof that the photo is whole. Otherwise the photo reader has accepted it, and
 *   damage which that let pass is no reason to refuse here: what can be seen is looked at
 * @throws Error without the decoder's words, which may quote metadata
 */
export async function readPicture(jpeg: Uint8Array, proven = true): Promise<Picture> {
  try {
    const image = proven
      ? sharp(jpeg, { failOn: 'none' })
      : sharp(wholeJpeg(Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)), {
          failOn: 'warning',
          sequentialRead: true,
        });
    const { data, info } = await image
      .autoOrient()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .timeout({ seconds: DECODE_TIMEOUT_SECONDS })
      .raw()
      .toBuffer({ resolveWithObject: true });
    // The header is read only if the photo may be larger: that costs a tenth of decoding a kiosk's.
    const mayBeReduced = Math.max(info.width, info.height) >= MAX_SIDE;
    const photo = mayBeReduced ? (await image.metadata()).autoOrient : info;
    return {
      rgb: data,
      width: info.width,
      height: info.height,
      photoWidth: photo.width,
      photoHeight: photo.height,
    };
  } catch {
    throw new Error('Could not decode the photo');
  }
}

/** @param quarters clockwise */
export async function turnPicture(picture: Picture, quarters: number): Promise<Picture> {
  const { rgb, width, height, photoWidth, photoHeight } = picture;
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .rotate(90 * quarters)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const onSide = quarters % 2 === 1;
  return {
    rgb: data,
    width: info.width,
    height: info.height,
    photoWidth: onSide ? photoHeight : photoWidth,
    photoHeight: onSide ? photoWidth : photoHeight,
  };
}
