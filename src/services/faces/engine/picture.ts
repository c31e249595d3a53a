import sharp from 'sharp';
import type { Pixels } from '@rollcall/face-rules';

// As in the photo reader, which locks the loaders down for the whole process: requests are what runs in parallel,
// and no photo is kept in a cache.
sharp.concurrency(1);
sharp.cache(false);

/** Longest side in pixels at which faces are looked for: the detector reduces to 320 anyway, descriptors to 150. */
const MAX_SIDE = 1280;

/** A decoded photo, upright and perhaps reduced. */
export interface Picture extends Pixels {
  /** Pixels of the upright photo before the reduction. */
  readonly photoWidth: number;
  readonly photoHeight: number;
}

/**
 * Decodes a photo that the photo reader has accepted. Damage which that let pass is no reason to refuse here: what
 * can be seen is looked at.
 * @throws Error without the decoder's words, which may quote metadata
 */
export async function readPicture(jpeg: Uint8Array): Promise<Picture> {
  try {
    const image = sharp(jpeg, { failOn: 'none' });
    const { autoOrient } = await image.metadata();
    const { data, info } = await image
      .autoOrient()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten()
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return {
      rgb: data,
      width: info.width,
      height: info.height,
      photoWidth: autoOrient.width,
      photoHeight: autoOrient.height,
    };
  } catch {
    throw new Error('Could not decode the photo');
  }
}
