import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { badInput, type RollcallError } from '../../../errors';
import { isCleanJpeg } from './jpeg-segments';

// Hostile bytes must not reach the parsers of SVG, PDF, TIFF, HEIF and the like, whatever a file looks like to
// libvips: of all loaders only three stay reachable in this process, and those from memory only.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
// Requests are what runs in parallel here; more threads for one photo cost more in total. Nothing is read twice,
// so that a cache would only keep photos of people in memory.
sharp.concurrency(1);
sharp.cache(false);

/** Longest side of a re-encoded photo in pixels: ample for a face, and a tenth of what a phone sends. */
const MAX_SIDE = 2048;
const JPEG_QUALITY = 90;
/** Progressive JPEGs can make a decoder walk over the same pixels a hundred times. */
const DECODE_TIMEOUT_SECONDS = 10;
/**
 * Side of the thumbnail that proves a clean JPEG. libjpeg then decodes at up to 1/8 of the size; libvips looks for
 * the decoder's complaints before every strip of eight lines, hence not after the last one, and 48 lines mean that
 * at least five sixths of the picture are under that check. `linear` because `nearest` leaves rows unread.
 */
const PROOF_SIDE = 48;

export interface Photo {
  readonly jpeg: Buffer;
  /** Byte for byte as it was sent; otherwise re-encoded. */
  readonly kept: boolean;
  /** What was sent. */
  readonly sent: Buffer;
  /** The field it came in. */
  readonly field: string;
}

/** Turns what a client calls a photo into a JPEG that is one, with nothing in it but the picture. */
export class PhotoReader {
  private readonly maxBytes: number;
  private readonly maxPixels: number;
  private readonly options: SharpOptions;

  /** @param maxPixels width times height, known from the header before anything is decoded */
  constructor({ maxBytes, maxPixels }: { maxBytes: number; maxPixels: number }) {
    this.maxBytes = maxBytes;
    this.maxPixels = maxPixels;
    // 'warning' is the strictest: corrupt coded data is only a warning to libjpeg.
    this.options = { failOn: 'warning', limitInputPixels: maxPixels, sequentialRead: true };
  }

  /**
   * Accepts JPEG, PNG and WebP (of an animation the first frame) by content. A JPEG without metadata is kept as it
   * is once a decoder has been through it; everything else is turned upright, put on white, converted to sRGB,
   * reduced to at most 2048 pixels a side and encoded as JPEG without metadata.
   *
   * @throws RollcallError BAD_USER_INPUT naming the field and the bound: empty, too many bytes or pixels, another
   * format, truncated or corrupt
   */
  async read(bytes: Buffer, field: string): Promise<Photo> {
    if (bytes.length === 0) throw badInput(field, 'the photo is empty');
    this.checkSize(bytes, field);
    if (!looksLikePhoto(bytes)) throw badInput(field, 'must be a JPEG, PNG or WebP photo');
    if (lacksPngEnd(bytes)) throw damaged(field);

    if (isCleanJpeg(bytes)) {
      await this.decode(field, () => proof(sharp(bytes, this.options)));
      return { jpeg: bytes, kept: true, sent: bytes, field };
    }
    const jpeg = await this.decode(field, () => reencoding(sharp(bytes, this.options)));
    this.checkSize(jpeg, field);
    return { jpeg, kept: false, sent: bytes, field };
  }

  private checkSize(bytes: Buffer, field: string): void {
    if (bytes.length > this.maxBytes) {
      throw badInput(field, `the photo must have at most ${this.maxBytes} bytes`);
    }
  }

  private async decode(field: string, pipeline: () => Sharp): Promise<Buffer> {
    try {
      return await pipeline().timeout({ seconds: DECODE_TIMEOUT_SECONDS }).toBuffer();
    } catch (error) {
      throw this.refusal(field, error);
    }
  }

  /** The decoder's own words stay in here: they may quote metadata. */
  private refusal(field: string, error: unknown): RollcallError {
    const reason = error instanceof Error ? error.message : '';
    if (reason.includes('pixel limit')) {
      return badInput(field, `the photo must have at most ${this.maxPixels} pixels (width times height)`);
    }
    if (reason.startsWith('timeout')) {
      return badInput(field, `decoding the photo takes longer than ${DECODE_TIMEOUT_SECONDS} seconds`);
    }
    return damaged(field);
  }
}

const damaged = (field: string): RollcallError =>
  badInput(field, 'the photo is truncated, corrupt or not a JPEG, PNG or WebP');

const proof = (image: Sharp): Sharp =>
  image.resize(PROOF_SIDE, PROOF_SIDE, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: true }).raw();

const reencoding = (image: Sharp): Sharp =>
  image
    .autoOrient()
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .jpeg({ quality: JPEG_QUALITY });

const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';
/** The last chunk, with its checksum. */
const PNG_END = Buffer.from('IEND\xae\x42\x60\x82', 'latin1');

/** By the first bytes, never by a claimed type or a file name. */
function looksLikePhoto(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 12);
  return (
    start.startsWith('\xff\xd8\xff') ||
    start.startsWith(PNG_SIGNATURE) ||
    (start.startsWith('RIFF') && start.endsWith('WEBP'))
  );
}

/** Once it has all pixels, the decoder no longer looks whether the file goes on. */
const lacksPngEnd = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, PNG_SIGNATURE.length) === PNG_SIGNATURE && !bytes.includes(PNG_END);
