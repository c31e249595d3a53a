import type { Metadata } from 'sharp';

/** What the header of a photo says, as the decoder reads it. */
export type PhotoHeader = Pick<Metadata, 'width' | 'height' | 'format' | 'isProgressive' | 'channels'> &
  Partial<Pick<Metadata, 'depth' | 'chromaSubsampling' | 'hasAlpha'>>;

/** What reading a photo costs at most, known from its header. */
export interface PhotoCost {
  /** Memory while it is decoded. */
  readonly bytes: number;
  /** Processor time of one core, in milliseconds. */
  readonly ms: number;
}

/**
 * Nanoseconds of one core for a pixel and for a byte. Measured with photos of noise and of one colour of 8 to 67
 * megapixels, from the request to its answer. A JPEG is read at an eighth of its size, unless it comes in several scans.
 */
const NANOSECONDS = {
  jpeg: { pixel: 1, inScans: 9, byte: 25 },
  png: { pixel: 2, inScans: 25, byte: 10 },
  webp: { pixel: 2.5, inScans: 2.5, byte: 70 },
  heif: { pixel: 26, inScans: 26, byte: 280 },
} as const;

/** The decoder of AVIF holds planes, its own picture, and ours. */
const AVIF_BYTES_PER_PIXEL = 16;
/** Of a JPEG in several scans every coefficient is kept, with two bytes. */
const COEFFICIENT_BYTES = 2;

/**
 * @param header as the decoder read it. Other formats than the four are refused before
 * @param length of the file, in bytes
 */
export function photoCost(header: PhotoHeader, length: number): PhotoCost {
  const pixels = header.width * header.height;
  const cost = NANOSECONDS[header.format as keyof typeof NANOSECONDS];
  const perPixel = header.isProgressive ? cost.inScans : cost.pixel;
  return {
    bytes: pixels * bytesPerPixel(header),
    ms: (pixels * perPixel + length * cost.byte) / 1_000_000,
  };
}

function bytesPerPixel({
  format,
  isProgressive,
  channels,
  depth,
  chromaSubsampling,
  hasAlpha,
}: PhotoHeader): number {
  if (format === 'jpeg') {
    if (!isProgressive) return 0;
    // Colours at half the width and height add half to the brightness.
    return COEFFICIENT_BYTES * (chromaSubsampling?.startsWith('4:2:0') === true ? 1.5 : channels);
  }
  if (format === 'png') return isProgressive ? channels * (depth === 'ushort' ? 2 : 1) : 0;
  if (format === 'webp') return hasAlpha ? 4 : 1.5;
  return AVIF_BYTES_PER_PIXEL;
}
