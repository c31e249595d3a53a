const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

/**
 * Random numbers that can be repeated: xoshiro128** 1.1 (Blackman and Vigna 2018), its state filled from a 32-bit seed
 * by splitmix32. For drawing samples, never for secrets.
 */
export class Xoshiro128 {
  /** How a report names it. */
  static readonly title = 'xoshiro128** seeded by splitmix32';

  private readonly state: Uint32Array;

  /** @param seed a whole number, of which the lowest 32 bits count; or the whole state, four words not all zero */
  constructor(seed: number | readonly [number, number, number, number]) {
    this.state = typeof seed === 'number' ? fill(seed) : Uint32Array.from(seed);
  }

  /** 32 random bits. */
  next(): number {
    const s = this.state as unknown as [number, number, number, number];
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return result;
  }

  /** A whole number from 0 to `bound` - 1, each equally likely. @param bound 1 to 2^53 */
  below(bound: number): number {
    // The remainder alone would favour small numbers; what lies past the last whole multiple is drawn again.
    const limit = TWO_53 - (TWO_53 % bound);
    for (;;) {
      const drawn = (this.next() >>> 11) * TWO_32 + this.next();
      if (drawn < limit) return drawn % bound;
    }
  }
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function fill(seed: number): Uint32Array {
  let state = seed >>> 0;
  return Uint32Array.from({ length: 4 }, () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  });
}
