import { endianness } from 'node:os';

/** bytea's number in PostgreSQL's pg_type. */
const BYTEA_OID = 17;

/**
 * Vectors that are used again and again: while a million templates are loaded, buffers of their own for each would
 * take some 60 MB before the garbage collector comes round to them.
 */
export class VectorPool {
  private readonly vectors: Float32Array<ArrayBuffer>[] = [];
  private used = 0;

  constructor(private readonly dimension: number) {}

  /** For `pg`: bytea is read into the pool's next vector, everything else stays the text that it comes as. */
  readonly types = {
    getTypeParser: (oid: number) => (oid === BYTEA_OID ? this.read : asText),
  };

  /** Whatever was read may be overwritten from now on. */
  reset(): void {
    this.used = 0;
  }

  /** @param hex as PostgreSQL writes it ("bytea Hex Format" in its manual): \x, then two digits a byte */
  private readonly read = (hex: string): Float32Array => {
    const { dimension } = this;
    // Another model's, of another length: rare, and not kept.
    const pooled = hex.length === 2 + 8 * dimension;
    const vector = pooled
      ? (this.vectors[this.used++] ??= new Float32Array(dimension))
      : new Float32Array((hex.length - 2) / 8);
    const bytes = Buffer.from(vector.buffer);
    bytes.write(hex.slice(2), 'hex');
    // Stored numbers are little-endian.
    if (endianness() === 'BE') bytes.swap32();
    return vector;
  };
}

const asText = (value: string): string => value;
