/** Random requests, the same for the same seed. */

/** A generator of numbers from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e308,
    -0,
    2 ** 31,
    2 ** 53,
    0.1,
    '',
    ' ',
    'x',
    'a\u0000b',
    '\ud800',
    '💥',
    '__proto__',
  ],
  ...[
    'A'.repeat(300),
    '{',
    '"',
    '\\',
    '../..',
    "' OR 1=1 --",
    '%00',
    'NaN',
    '2026-01-01T00:00:00Z',
    '9'.repeat(400),
  ],
  ...[[], {}, [[[]]], { a: { a: { a: 1 } } }, [null], Array(50).fill('x')],
];
const TOKENS = ['{', '}', '(', ')', '[', ']', ':', '!', '$', '@', '...', '"', '"""', '#', '|', '&', '=', 'on', 'fragment', 'query', 'mutation', 'null', 'true', '-1', '1e999', '\u0000', '\ufeff', '$v', '@include(if: false)', '__typename', '__schema { types { name } }']; // prettier-ignore

/** Makes variations of what clients send. */
export class Fuzzer {
  constructor(private readonly random: () => number) {}

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  /** A text with some of its pieces doubled, left out or replaced. */
  text(text: string): string {
    let changed = text;
    for (let n = Math.floor(this.random() * 4); n > 0; n--) {
      const at = Math.floor(this.random() * changed.length);
      const length = Math.floor(this.random() * 12);
      const [head, piece, tail] = [
        changed.slice(0, at),
        changed.slice(at, at + length),
        changed.slice(at + length),
      ];
      changed = head + this.pick([piece + piece, '', this.pick(TOKENS), this.pick(TOKENS) + piece]) + tail;
    }
    return changed;
  }

  /** Bytes with some of them changed, left out or doubled. */
  bytes(bytes: Buffer): Buffer {
    const text = Buffer.from(bytes);
    for (let n = Math.floor(this.random() * 6); n > 0 && text.length > 0; n--) {
      text[Math.floor(this.random() * text.length)] = Math.floor(this.random() * 256);
    }
    const cut = Math.floor(this.random() * text.length);
    return this.pick([text, text.subarray(0, cut), Buffer.concat([text.subarray(0, cut), text])]);
  }

  /** A value with odd ones in some places. */
  value(value: unknown): unknown {
    if (this.chance(0.15)) return this.pick(ODD);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [name, this.value(item)] as const);
    if (this.chance(0.1)) entries.push([String(this.pick(ODD)), this.pick(ODD)]);
    return Object.fromEntries(entries);
  }
}
