import { RowMemory } from './kernels/row-memory';
import type { Probe } from './probe';

/** A row begins with its norm (float64), the number of its owner and that of its scope (uint32 each). */
const HEADER = 16;

/**
 * Components below this share of the norm are kept as zero. They cannot change a cosine: all together they weigh less
 * than 2^-55, half of float64's last place at 1. And float32 products with them could be denormal, which the
 * processor handles some 65 times slower.
 */
const NEGLIGIBLE = 2 ** -60;

/** All templates as they were stored (float32, not normalised), row after row, with what a search needs of each. */
export class TemplateRows {
  readonly memory: RowMemory;

  /**
   * @param dimension numbers a template, a multiple of 8
   * @param memory another thread's rows, to read
   */
  constructor(
    readonly dimension: number,
    memory?: WebAssembly.Memory,
  ) {
    this.memory = new RowMemory(HEADER + 4 * dimension, memory);
  }

  /** @param norm of the template, in float64 */
  write(row: number, template: Float32Array, norm: number, owner: number, scope: number): void {
    const { memory, dimension } = this;
    memory.reserve(row + 1);
    const start = memory.address(row);
    memory.f64[start / 8] = norm;
    memory.u32[start / 4 + 2] = owner;
    memory.u32[start / 4 + 3] = scope;
    const first = (start + HEADER) / 4;
    const negligible = norm * NEGLIGIBLE;
    const { f32 } = memory;
    for (let i = 0; i < dimension; i++) {
      const x = template[i] as number;
      f32[first + i] = x < negligible && -x < negligible ? 0 : x;
    }
  }

  norm(row: number): number {
    return this.memory.f64[this.memory.address(row) / 8] as number;
  }

  owner(row: number): number {
    return this.memory.u32[this.memory.address(row) / 4 + 2] as number;
  }

  scope(row: number): number {
    return this.memory.u32[this.memory.address(row) / 4 + 3] as number;
  }

  /** Index of the row's first number in `memory.f32`. */
  first(row: number): number {
    return (this.memory.address(row) + HEADER) / 4;
  }

  /** The cosine in float64, from the probe as sent and the template as stored: the score that decides. */
  score(row: number, { vector, norm }: Probe): number {
    const { dimension } = this;
    const { f32 } = this.memory;
    const first = this.first(row);
    let dot = 0;
    for (let i = 0; i < dimension; i++) dot += (vector[i] as number) * (f32[first + i] as number);
    // Rounding may carry a vector's cosine with itself past 1.
    return Math.min(1, Math.max(-1, dot / (norm * this.norm(row))));
  }
}
