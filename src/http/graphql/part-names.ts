import { Transform, type TransformCallback } from 'node:stream';

const HEADER_END = Buffer.from('\r\n\r\n');
/** The parser refuses longer headers of a part. */
const LONGEST_HEADER = 16_384;
/** More parts than a request can have; what comes behind them is dropped, so that the parser misses its end. */
const MAX_PARTS = 16;
const DISPOSITION = /^content-disposition:[^\r\n]*/im;
const NAME = /;\s*name=(?:"([^"\r\n]*)"|([^\s;"]+))/i;
const FILE_NAME = /;\s*filename\*?=/i;

/**
 * Gives a file name to each multipart part behind "map" that has none. The parser takes a part without one for text,
 * but a client may leave it out, and behind "map" there are only files.
 */
export class PartNames extends Transform {
  private readonly delimiter: Buffer;
  /** Bytes whose meaning the next chunk decides. The first delimiter may come without a line break before it. */
  private rest = Buffer.from('\r\n');
  private inHeader = false;
  private mapSeen = false;
  private begun = false;
  private parts = 0;

  /** @param boundary as the content type has it */
  constructor(boundary: string) {
    super();
    this.delimiter = Buffer.from(`\r\n--${boundary}\r\n`, 'latin1');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.parts > MAX_PARTS) return done();
    let bytes = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const mark = this.inHeader ? HEADER_END : this.delimiter;
      const at = bytes.indexOf(mark);
      if (at === -1) break;
      const end = at + mark.length;
      this.give(this.inHeader ? this.named(bytes.subarray(0, end)) : bytes.subarray(0, end));
      bytes = bytes.subarray(end);
      this.inHeader = !this.inHeader;
      if (this.inHeader) this.parts += 1;
      if (this.parts > MAX_PARTS) {
        this.rest = Buffer.alloc(0);
        return done();
      }
    }
    if (this.inHeader && bytes.length > LONGEST_HEADER) this.inHeader = false;
    const kept = this.inHeader ? bytes.length : Math.min(bytes.length, this.delimiter.length - 1);
    this.give(bytes.subarray(0, bytes.length - kept));
    this.rest = Buffer.from(bytes.subarray(bytes.length - kept));
    done();
  }

  override _flush(done: TransformCallback): void {
    this.give(this.rest);
    done();
  }

  /** Passes bytes on, without the line break that the body does not begin with. */
  private give(bytes: Buffer): void {
    const own = this.begun ? bytes : bytes.subarray(2);
    this.begun ||= bytes.length > 0;
    if (own.length > 0) this.push(own);
  }

  private named(header: Buffer): Buffer {
    const text = header.toString('latin1');
    const [disposition] = DISPOSITION.exec(text) ?? [];
    if (disposition === undefined) return header;
    const [, quoted, bare] = NAME.exec(disposition) ?? [];
    const isFile = this.mapSeen;
    if ((quoted ?? bare) === 'map') this.mapSeen = true;
    if (!isFile || FILE_NAME.test(disposition)) return header;
    return Buffer.from(
      text.replace(disposition, () => `${disposition}; filename="photo"`),
      'latin1',
    );
  }
}

/** The boundary in a content type; null: there is none. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted ?? bare ?? null;
}
