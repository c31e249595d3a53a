import { createCipheriv } from 'node:crypto';

const BYTES_A_DRAW = 6;
const TWO_48 = 2 ** 48;
const ZEROS = Buffer.alloc(BYTES_A_DRAW * 1024);

/** Random numbers that can be repeated: the key stream of a cipher under the seed. For drawing samples, never for secrets. */
export class SeededRandom {
  /** How a report names it. */
  static readonly title = 'AES-128 in counter mode';

  private readonly cipher: ReturnType<typeof createCipheriv>;
  private stream = Buffer.alloc(0);
  private used = 0;

  /** @param seed a whole number, of which the lowest 32 bits count */
  constructor(seed: number) {
    const key = Buffer.alloc(16);
    key.writeUInt32LE(seed >>> 0);
    this.cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  }

  /** A whole number from 0 to `bound` - 1, each equally likely. @param bound 1 to 2^48 */
  below(bound: number): number {
    // The remainder alone would favour small numbers; what lies past the last whole multiple is drawn again.
    const limit = TWO_48 - (TWO_48 % bound);
    for (;;) {
      if (this.used === this.stream.length) {
        this.stream = this.cipher.update(ZEROS);
        this.used = 0;
      }
      const drawn = this.stream.readUIntLE(this.used, BYTES_A_DRAW);
      this.used += BYTES_A_DRAW;
      if (drawn < limit) return drawn % bound;
    }
  }
}
