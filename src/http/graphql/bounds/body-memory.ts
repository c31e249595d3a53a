/** The type of ES2024, which is later than what we compile for; Node 20 has it. */
interface ResizableMemory extends ArrayBuffer {
  resize(length: number): void;
}

/** Bytes from which on memory is given back at once. */
const LARGE = 1_048_576;
/** What a body begins with whose length is not known. */
const FIRST = 65_536;

/**
 * The bytes of a body as they arrive. Those of a large one are given back as soon as it is read: the collector of garbage
 * would leave them beside what is made of them.
 */
export class BodyMemory {
  length = 0;
  private memory: ArrayBuffer;
  private all: Buffer;

  /** @param expected bytes, which take no room before they arrive; 0: not known */
  constructor(expected: number) {
    this.memory = memoryOf(expected === 0 ? FIRST : expected);
    this.all = Buffer.from(this.memory);
  }

  /** What has arrived. It is gone after `release`. */
  get bytes(): Buffer {
    return this.all.subarray(0, this.length);
  }

  add(piece: Buffer): void {
    const length = this.length + piece.length;
    if (length > this.all.length) this.grow(2 * length);
    this.length += piece.copy(this.all, this.length);
  }

  release(): void {
    if (isResizable(this.memory)) this.memory.resize(0);
  }

  private grow(size: number): void {
    const memory = memoryOf(size);
    const all = Buffer.from(memory);
    this.bytes.copy(all);
    this.release();
    this.memory = memory;
    this.all = all;
  }
}

function memoryOf(size: number): ArrayBuffer {
  if (size < LARGE) return new ArrayBuffer(size);
  return Reflect.construct(ArrayBuffer, [size, { maxByteLength: size }]) as ArrayBuffer;
}

const isResizable = (memory: ArrayBuffer): memory is ResizableMemory => memory.byteLength >= LARGE;
