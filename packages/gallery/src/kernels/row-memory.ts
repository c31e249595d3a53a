/** Bytes for the probes of two threads: 1024 float32 numbers each. A probe's area belongs to one thread. */
const PROBE_BYTES = 4096;
const ROWS_OFFSET = 2 * PROBE_BYTES;

const PAGE = 65_536;
/** 4 GiB, the most that 32-bit WebAssembly can address. The same in scripts/build-kernels.ts. */
const MAX_PAGES = 65_536;
/** Room is made for half as many rows again: pages that nobody has written to cost no memory. */
const GROWTH = 1.5;

/** Which thread writes a probe: each has a separate area in the shared memory. */
export type ThreadIndex = 0 | 1;

/**
 * Rows of one size in WebAssembly memory. It grows where it is, without a copy, which matters for a gallery of half a
 * gigabyte; and it is shared, so that another thread can scan it.
 */
export class RowMemory {
  /** Address of the first row. */
  readonly offset = ROWS_OFFSET;
  /** Views of the whole memory. Created again when it grows, because the old ones keep their length. */
  f32!: Float32Array<SharedArrayBuffer>;
  f64!: Float64Array<SharedArrayBuffer>;
  i8!: Int8Array<SharedArrayBuffer>;
  u32!: Uint32Array<SharedArrayBuffer>;

  /**
   * @param stride bytes a row, a multiple of 8
   * @param memory another thread's; left out: a new one
   */
  constructor(
    readonly stride: number,
    readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true }),
  ) {
    this.view();
  }

  /** Address of a thread's probe. */
  static probeOffset(thread: ThreadIndex): number {
    return thread * PROBE_BYTES;
  }

  /**
   * Makes room for `rows` rows.
   * @throws RangeError when they are more than the address space holds
   */
  reserve(rows: number): void {
    // Three more, because a pass reads whole groups.
    const bytes = ROWS_OFFSET + (rows + 3) * this.stride;
    if (bytes <= this.f32.byteLength) return;
    if (bytes > MAX_PAGES * PAGE) {
      const most = Math.floor((MAX_PAGES * PAGE - ROWS_OFFSET) / this.stride) - 3;
      throw new RangeError(`The gallery is full: it holds at most ${most} templates of this dimension`);
    }
    const pages = Math.min(MAX_PAGES, Math.ceil((bytes * GROWTH) / PAGE));
    this.memory.grow(pages - this.f32.byteLength / PAGE);
    this.view();
  }

  /** To be called before another thread's memory is read: it may have grown there. */
  refresh(rows: number): void {
    if (this.memory.buffer.byteLength !== this.f32.byteLength) this.view();
    if (ROWS_OFFSET + rows * this.stride > this.f32.byteLength) {
      throw new RangeError('The other thread has not allocated memory for these rows');
    }
  }

  address(row: number): number {
    return ROWS_OFFSET + row * this.stride;
  }

  move(from: number, to: number): void {
    const start = this.address(from);
    this.i8.copyWithin(this.address(to), start, start + this.stride);
  }

  /** Removed templates are overwritten. */
  clear(row: number): void {
    const start = this.address(row);
    this.i8.fill(0, start, start + this.stride);
  }

  private view(): void {
    const buffer = this.memory.buffer as unknown as SharedArrayBuffer;
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }
}
