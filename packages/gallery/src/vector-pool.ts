import { endianness } from 'node:os';

/** bytea's number in PostgreSQL's pg_type. */
const BYTEA_OID = 17;

/**
 * Memory that is used again and again: while a million templates are loaded, buffers of their own for each would take
 * some 60 MB before the garbage collector comes round to them.
 */
export class VectorPool {
  private readonly buffers: Buffer[] = [];
  private readonly vectors: Float32Array<ArrayBuffer>[] = [];
  private usedBuffers = 0;
  private usedVectors = 0;

  /** @param longest most bytes to keep for reuse; longer reads are rare */
  constructor(
    private readonly dimension: number,
    private readonly longest: number,
  ) {}

  /** For `pg`: bytea is read into the pool's next buffer, everything else stays the text that it comes as. */
  readonly types = {
    getTypeParser: (oid: number) => (oid === BYTEA_OID ? this.read : asText),
  };

  /** Whatever was read or made may be overwritten from now on. */
  reset(): void {
    this.usedBuffers = 0;
    this.usedVectors = 0;
  }

  /** @param bytes Float32, little-endian. @returns a copy of the numbers */
  readonly vectorOf = (bytes: Buffer): Float32Array => {
    const { dimension } = this;
    const vector =
      bytes.length === 4 * dimension
        ? (this.vectors[this.usedVectors++] ??= new Float32Array(dimension))
        : new Float32Array(bytes.length / 4);
    const target = Buffer.from(vector.buffer);
    bytes.copy(target);
    if (endianness() === 'BE') target.swap32();
    return vector;
  };

  /** @param hex as PostgreSQL writes it ("bytea Hex Format" in its manual): \x, then two digits a byte */
  private readonly read = (hex: string): Buffer => {
    const length = (hex.length - 2) / 2;
    const buffer =
      length <= this.longest
        ? (this.buffers[this.usedBuffers++] ??= Buffer.alloc(this.longest))
        : Buffer.alloc(length);
    buffer.write(hex.slice(2), 'hex');
    return buffer.subarray(0, length);
  };
}

const asText = (value: string): string => value;
