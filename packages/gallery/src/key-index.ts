import { RowMemory } from './kernels/row-memory';

/** Words (uint32) of a row: the four of its key, then the key's next row plus one, 0 at the end. */
const NEXT = 4;
const STRIDE = 24;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FIRST_SLOTS = 1024;

type Words = readonly [number, number, number, number];

/**
 * Whose each row of a gallery is, and which rows a key has. Keys are kept as the 16 bytes that they are, outside
 * of JavaScript's heap: a million strings in a Map would take three times as much, and time of the garbage collector
 * for as long as the service runs.
 */
export class KeyIndex {
  private readonly memory = new RowMemory(STRIDE);
  /** A hash table of keys with linear probing: a key's first row plus one, or 0. Half empty at least. */
  private table = new Uint32Array(FIRST_SLOTS);
  private keys = 0;
  private parsed: { readonly key: string; readonly words: Words | null } = { key: '', words: null };

  /** The key's rows, none for an unknown key. */
  rowsOf(key: string): number[] {
    const words = this.parse(key);
    const rows: number[] = [];
    if (words === null) return rows;
    for (let link = this.table[this.slotOf(words)] as number; link !== 0; link = this.next(link - 1)) {
      rows.push(link - 1);
    }
    return rows;
  }

  has(key: string): boolean {
    const words = this.parse(key);
    return words !== null && this.table[this.slotOf(words)] !== 0;
  }

  /** The key whose row it is. */
  keyOf(row: number): string {
    const [a, b, c, d] = this.words(row).map((word) => word.toString(16).padStart(8, '0')) as [
      string,
      string,
      string,
      string,
    ];
    return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
  }

  /**
   * Makes room for `rows` rows.
   * @throws RangeError for a key that is not a UUID in lower case
   */
  prepare(key: string, rows: number): void {
    if (this.parse(key) === null) throw new RangeError('The keys of a gallery must be UUIDs in lower case');
    this.memory.reserve(rows);
  }

  /** Adds a row to the key. Call `prepare` first. */
  add(key: string, row: number): void {
    if ((this.keys + 1) * 2 > this.table.length) this.grow();
    const words = this.parse(key) as Words;
    const slot = this.slotOf(words);
    const first = this.table[slot] as number;
    if (first === 0) this.keys++;
    const start = this.start(row);
    this.memory.u32.set(words, start);
    this.memory.u32[start + NEXT] = first;
    this.table[slot] = row + 1;
  }

  /** Forgets a key, whose rows are free then, to be overwritten or cleared. */
  remove(key: string): void {
    const words = this.parse(key);
    if (words === null) return;
    const mask = this.table.length - 1;
    let hole = this.slotOf(words);
    if (this.table[hole] === 0) return;
    this.keys--;
    // The entries behind move up, unless one would leave the range of its own hash.
    for (let slot = (hole + 1) & mask; this.table[slot] !== 0; slot = (slot + 1) & mask) {
      const home = hash(this.words((this.table[slot] as number) - 1)) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        this.table[hole] = this.table[slot] as number;
        hole = slot;
      }
    }
    this.table[hole] = 0;
  }

  /** Moves a row, which has a key, to a place that is free. */
  move(from: number, to: number): void {
    const slot = this.slotOf(this.words(from));
    let link = this.table[slot] as number;
    if (link === from + 1) {
      this.table[slot] = to + 1;
    } else {
      while (this.next(link - 1) !== from + 1) link = this.next(link - 1);
      this.memory.u32[this.start(link - 1) + NEXT] = to + 1;
    }
    this.memory.move(from, to);
  }

  clear(row: number): void {
    this.memory.clear(row);
  }

  /** Where the key is in the table, or else the empty slot where it would be. */
  private slotOf(words: Words): number {
    const { table } = this;
    const { u32 } = this.memory;
    const mask = table.length - 1;
    let slot = hash(words) & mask;
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const start = this.start((table[slot] as number) - 1);
      let same = 0;
      while (same < NEXT && u32[start + same] === words[same]) same++;
      if (same === NEXT) break;
    }
    return slot;
  }

  /** One key's calls follow each other, so the last one is kept. */
  private parse(key: string): Words | null {
    if (this.parsed.key !== key) this.parsed = { key, words: parse(key) };
    return this.parsed.words;
  }

  private grow(): void {
    const old = this.table;
    this.table = new Uint32Array(old.length * 2);
    for (const link of old) {
      if (link !== 0) this.table[this.slotOf(this.words(link - 1))] = link;
    }
  }

  private words(row: number): Words {
    const { u32 } = this.memory;
    const start = this.start(row);
    return [u32[start], u32[start + 1], u32[start + 2], u32[start + 3]] as unknown as Words;
  }

  private next(row: number): number {
    return this.memory.u32[this.start(row) + NEXT] as number;
  }

  private start(row: number): number {
    return this.memory.address(row) / 4;
  }
}

function parse(id: string): Words | null {
  if (!UUID.test(id)) return null;
  return [
    parseInt(id.slice(0, 8), 16),
    parseInt(id.slice(9, 13) + id.slice(14, 18), 16),
    parseInt(id.slice(19, 23) + id.slice(24, 28), 16),
    parseInt(id.slice(28), 16),
  ];
}

/** Any odd multipliers do; ids that differ in a few bits, as version 7's do, must not end up side by side. */
function hash([a, b, c, d]: Words): number {
  let mixed =
    Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
