import type { Sharp } from 'sharp';

/** Longest side of a re-encoded photo in pixels: ample for a face, and a tenth of what a phone sends. */
const MAX_SIDE = 2048;
const JPEG_QUALITY = 90;
/**
 * Side of the thumbnail that proves a clean JPEG. libjpeg then decodes at up to 1/8 of the size; libvips looks for
 * the decoder's complaints before every strip of eight lines, hence not after the last one, and 48 lines mean that
 * at least five sixths of the picture are under that check. `linear` because `nearest` leaves rows unread.
 */
const PROOF_SIDE = 48;

/** Has the decoder go through a photo. */
export const proof = (image: Sharp): Sharp =>
  image.resize(PROOF_SIDE, PROOF_SIDE, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: true }).raw();

/** Turns a photo upright, puts it on white, reduces and encodes it, without metadata. */
export const reencoding = (image: Sharp): Sharp =>
  image
    .autoOrient()
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .jpeg({ quality: JPEG_QUALITY });
