import type { TemplateRows } from '../template-rows';
import { RowMemory } from './row-memory';

// Looked up once, not for each number: a global costs a call if code runs in a separate context (jest).
const { abs, floor, max, sqrt } = Math;

/** A row begins with its step and its residual (float32 each). */
const HEADER = 8;

/** The largest int8 of both signs. */
export const INT8_MAX = 127;

/** Covers the rounding of the residual itself: to float32 (2^-24 of it) and in the float64 sums before. */
const RESIDUAL_ROUNDING = 1 + 2 ** -20;

/**
 * The templates again, as unit vectors in int8: number i of a row is near step × int8 i. How near is known exactly,
 * because the residual, the Euclidean length of the difference, is kept with the row.
 */
export class QuantisedRows {
  readonly memory: RowMemory;

  /** @param memory another thread's rows, to read */
  constructor(
    readonly dimension: number,
    memory?: WebAssembly.Memory,
  ) {
    this.memory = new RowMemory(HEADER + dimension, memory);
  }

  /** Takes over the template that was written to the same row of `templates`. */
  write(row: number, templates: TemplateRows): void {
    const { memory, dimension } = this;
    memory.reserve(row + 1);
    const { i8, f32 } = memory;
    const source = templates.memory.f32;
    const first = templates.first(row);
    const perNorm = 1 / templates.norm(row);
    let largest = 0;
    for (let i = 0; i < dimension; i++) largest = max(largest, abs(source[first + i] as number));
    // Rounded before it is used, so that the residual accounts for it.
    const step = Math.fround((largest * perNorm) / INT8_MAX);
    const perStep = 1 / step;
    const start = memory.address(row);
    let squares = 0;
    for (let i = 0; i < dimension; i++) {
      const x = (source[first + i] as number) * perNorm;
      // At most 127 and a rounding error before it is rounded to the nearest, so it always fits.
      const quantised = floor(x * perStep + 0.5);
      i8[start + HEADER + i] = quantised;
      const error = x - quantised * step;
      squares += error * error;
    }
    f32[start / 4] = step;
    f32[start / 4 + 1] = sqrt(squares) * RESIDUAL_ROUNDING;
  }
}
