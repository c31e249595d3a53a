import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { badInput, type RollcallError } from '../../../errors';
import { DecodeTurns } from './decode-turns';
import { hasAllRestarts, isOverloadedJpeg, jpegParts, openEnded, tidied, wholeJpeg } from './jpeg-repair';
import { cleanJpeg, type CleanJpeg } from './jpeg-segments';
import { photoCost, type PhotoHeader } from './photo-cost';
import { isOverloadedPng } from './png-chunks';
import { formatOf, type PhotoFormat } from './photo-format';
import { proof, reencoding } from './photo-pipelines';

// Hostile bytes must not reach the parsers of SVG, PDF, TIFF and the like, whatever a file looks like to
// libvips: of all loaders only four stay reachable in this process, and those from memory only. That of HEIF has the
// AV1 decoder alone.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});
// Requests are what runs in parallel here; more threads for one photo cost more in total. Nothing is read twice,
// so that a cache would only keep photos of people in memory.
sharp.concurrency(1);
sharp.cache(false);

/**
 * For all steps of a photo together. Their cost is bounded by the header; this is for what the header does not say. A valid
 * photo of 50 megapixels took over 2 seconds on a busy machine.
 */
const DECODE_TIMEOUT_SECONDS = 10;
/** Largest JPEG that is kept as it is, in bytes. A larger one is reduced: it costs storage and shows no more of a face. */
const MAX_KEPT_BYTES = 8_388_608;
/** Longest side of a photo in pixels. */
const MAX_SENT_SIDE = 16_384;
/** How many times as long as the short side the long side of a photo may be. */
const MAX_ASPECT = 20;

export interface Photo {
  readonly jpeg: Buffer;
  /** Byte for byte as it was sent; otherwise re-encoded. */
  readonly kept: boolean;
  /** A decoder has been through it. */
  readonly proven: boolean;
  /** What was sent. */
  readonly sent: Buffer;
  /** The field it came in. */
  readonly field: string;
}

/** A photo of which the first bytes were looked at. */
interface SentBytes {
  readonly bytes: Buffer;
  readonly format: PhotoFormat;
  readonly field: string;
  /** Of a JPEG that may be kept as it is. */
  readonly clean: CleanJpeg | null;
}

interface PhotoReaderOptions {
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** Left out: new turns, without a count. */
  readonly turns?: DecodeTurns;
}

/** Turns what a client calls a photo into a JPEG that is one, with nothing in it but the picture. */
export class PhotoReader {
  private readonly maxBytes: number;
  private readonly maxPixels: number;
  private readonly turns: DecodeTurns;

  /** @param maxPixels width times height, known from the header before anything is decoded */
  constructor({ maxBytes, maxPixels, turns = new DecodeTurns(0) }: PhotoReaderOptions) {
    this.maxBytes = maxBytes;
    this.maxPixels = maxPixels;
    this.turns = turns;
  }

  /**
   * Accepts JPEG, PNG, WebP and AVIF (of an animation the first frame) by content. A JPEG without metadata is kept as
   * it is once a decoder has been through it; everything else is turned upright, put on white, converted to sRGB,
   * reduced to at most 2048 pixels a side and encoded as JPEG without metadata.
   *
   * Cameras write files that decoders warn about and every viewer shows. Such a photo is accepted if the decoder
   * reads it to the last line.
   *
   * @param prove whether a clean JPEG is decoded here; false: what looks at it decodes it anyway, and has it mended by
   *   `proved` if that fails
   * @throws RollcallError BAD_USER_INPUT naming the field and the bound: empty, too many bytes or pixels, another
   * shape or format, truncated or corrupt; TOO_MANY_REQUESTS for too many photos of one caller; UNAVAILABLE if its
   * turn does not come
   */
  async read(bytes: Buffer, field: string, prove = true): Promise<Photo> {
    if (bytes.length === 0) throw badInput(field, 'the photo is empty');
    this.checkSize(bytes, field);
    const format = formatOf(bytes);
    if (format === null) throw badInput(field, 'must be a JPEG, PNG or WebP photo, or AVIF');
    if (format === 'heic') throw badInput(field, HEIC_HINT);
    if (format === 'png' && bytes.lastIndexOf(PNG_END) === -1) throw damaged(field);
    const clean = keptHeader(bytes, format);
    if (format === 'jpeg' && clean === null && isOverloadedJpeg(bytes)) throw overloaded(field);
    if (format === 'png' && isOverloadedPng(bytes)) throw overloaded(field);
    await this.turns.count();
    return this.decodeInTurn({ bytes, format, field, clean }, prove);
  }

  private async decodeInTurn(sent: SentBytes, prove: boolean): Promise<Photo> {
    const { bytes, field, clean } = sent;
    const header = clean ?? (await readHeader(bytes, field));
    this.checkShape(header, field);
    return this.turns.run(photoCost(header, bytes.length), field, () => this.decodePhoto(sent, prove));
  }

  private async decodePhoto({ bytes, format, field, clean }: SentBytes, prove: boolean): Promise<Photo> {
    if (clean !== null) {
      if (!prove) return { jpeg: bytes, kept: true, proven: false, sent: bytes, field };
      const kept = await this.decode(field, proof, wholeJpeg(bytes), 'warning');
      if (kept !== null) return { jpeg: bytes, kept: true, proven: true, sent: bytes, field };
    }
    const jpeg = await (format === 'jpeg' ? this.fromJpeg(bytes, field) : this.fromOther(bytes, field));
    this.checkSize(jpeg, field);
    return { jpeg, kept: false, proven: true, sent: bytes, field };
  }

  /** The photo once a decoder has been through it, re-encoded if that is needed. @throws as `read` */
  proved(photo: Photo): Promise<Photo> {
    // Not counted again. Only JPEGs are left unproven.
    if (photo.proven) return Promise.resolve(photo);
    const { sent: bytes, field } = photo;
    return this.decodeInTurn({ bytes, format: 'jpeg', field, clean: keptHeader(bytes, 'jpeg') }, true);
  }

  private async fromJpeg(bytes: Buffer, field: string): Promise<Buffer> {
    const strict = await this.decode(field, reencoding, wholeJpeg(bytes), 'warning');
    if (strict !== null) return strict;
    const parts = jpegParts(bytes);
    if (parts === null) throw damaged(field);
    const tidy = tidied(parts);
    if (!(await this.reachesLastLine(tidy, field))) throw damaged(field);
    const lenient = await this.decode(field, reencoding, tidy, 'truncated');
    if (lenient === null) throw damaged(field);
    return lenient;
  }

  /** Whether a decoder that warns about a JPEG has data for all of it. */
  private async reachesLastLine(jpeg: Buffer, field: string): Promise<boolean> {
    let warning = '';
    const note = (text: string): void => void (warning = text);
    if ((await this.decode(field, proof, wholeJpeg(jpeg), 'warning', note)) !== null) return true;
    if (LACKS_DATA.test(warning)) return false;
    // The decoder reports only its first warning. A warning after the last scan never means missing data.
    if (STRAY_BEFORE_END.test(warning)) return true;
    const parts = jpegParts(jpeg);
    const open = parts && openEnded(parts);
    if (open === null || !hasAllRestarts(parts as NonNullable<typeof parts>)) return false;
    return (await this.decode(field, proof, open, 'truncated')) !== null;
  }

  private async fromOther(bytes: Buffer, field: string): Promise<Buffer> {
    const jpeg =
      (await this.decode(field, reencoding, bytes, 'warning')) ??
      (await this.decode(field, reencoding, bytes, 'error'));
    if (jpeg === null) throw damaged(field);
    return jpeg;
  }

  private checkSize(bytes: Buffer, field: string): void {
    if (bytes.length > this.maxBytes) {
      throw badInput(field, `the photo must have at most ${this.maxBytes} bytes`);
    }
  }

  /** By the header, before anything is decoded. */
  private checkShape({ width, height }: PhotoHeader, field: string): void {
    if (width * height > this.maxPixels) throw this.tooManyPixels(field);
    if (Math.max(width, height) > MAX_SENT_SIDE) {
      throw badInput(field, `the photo must have at most ${MAX_SENT_SIDE} pixels a side`);
    }
    if (Math.max(width, height) > MAX_ASPECT * Math.min(width, height)) {
      throw badInput(field, `the long side of the photo must be at most ${MAX_ASPECT} times the short side`);
    }
  }

  private tooManyPixels(field: string): RollcallError {
    return badInput(field, `the photo must have at most ${this.maxPixels} pixels (width times height)`);
  }

  /**
   * @param note gets the decoder's own words. They stay in here: they may quote metadata
   * @returns null: the decoder refuses the photo
   */
  private async decode(
    field: string,
    pipeline: (image: Sharp) => Sharp,
    bytes: Buffer,
    failOn: NonNullable<SharpOptions['failOn']>,
    note: (reason: string) => void = () => undefined,
  ): Promise<Buffer | null> {
    try {
      const image = sharp(bytes, { failOn, limitInputPixels: this.maxPixels, sequentialRead: true });
      return await pipeline(image).timeout({ seconds: DECODE_TIMEOUT_SECONDS }).toBuffer();
    } catch (error) {
      const reason = error instanceof Error ? error.message : '';
      if (reason.includes('pixel limit')) throw this.tooManyPixels(field);
      if (reason.startsWith('timeout')) {
        throw badInput(field, `decoding the photo takes longer than ${DECODE_TIMEOUT_SECONDS} seconds`);
      }
      note(reason);
      return null;
    }
  }
}

/** The header of a JPEG that may be kept as it is. The decoder's own look at it takes a fifth of a proof. */
const keptHeader = (bytes: Buffer, format: PhotoFormat | null): CleanJpeg | null =>
  format === 'jpeg' && bytes.length <= MAX_KEPT_BYTES ? cleanJpeg(bytes) : null;

const readHeader = (bytes: Buffer, field: string): Promise<PhotoHeader> =>
  sharp(bytes, { failOn: 'none', limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw damaged(field);
    });

/** What an iPhone writes by default. The decoder has no HEVC. */
const HEIC_HINT =
  'HEIC photos cannot be read. Send a JPEG: on an iPhone choose Settings > Camera > Formats > Most Compatible, or take a screenshot of the photo';

const LACKS_DATA = /premature end/i;
const STRAY_BEFORE_END = /extraneous bytes before marker 0xd9/;

const damaged = (field: string): RollcallError =>
  badInput(field, 'the photo is truncated, corrupt or not a JPEG, PNG or WebP');

const overloaded = (field: string): RollcallError =>
  badInput(field, 'the photo has too many segments, scans or texts');

/** The last chunk of a PNG, with its checksum. Once it has all pixels, the decoder no longer looks for it. */
const PNG_END = Buffer.from('IEND\xae\x42\x60\x82', 'latin1');
