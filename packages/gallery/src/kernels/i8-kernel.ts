import { groupsOf, type Kernel } from './kernel';
import { INT8_MAX, type QuantisedRows } from './quantised-rows';
import { RowMemory, type ThreadIndex } from './row-memory';
import type { I8Exports } from './wasm';

const INT16_MAX = 32_767;
const INT32_MAX = 2 ** 31 - 1;

/**
 * The kernel's arithmetic is float32, with a rounding of 2^-24 in each of five operations and in the bar, on numbers
 * below 1.4. Float64's rounding, in the exact score and here, is nothing beside it.
 */
const ROUNDING = 9 * 2 ** -24;

/**
 * WASM SIMD over the templates in int8, with the probe in int16.
 *
 * With the unit row y = s·q + e and the unit probe u = t·p + f (s, t steps, q, p integers, e, f residuals):
 * cos = u·y = s·t·(p·q) + u·e + f·(s·q), so by Cauchy and Schwarz the cosine is at most
 * s·t·(p·q) + |e| + |f|·|s·q|. The kernel adds |e|, which is the row's residual; |s·q| is at most 1 + |e| < 2.
 */
export function i8Kernel(rows: QuantisedRows, wasm: I8Exports, thread: ThreadIndex = 0): Kernel {
  const { dimension, memory } = rows;
  const address = RowMemory.probeOffset(thread);
  // The most for which a sum of `dimension` products with int8 still fits into int32.
  const largestInteger = Math.min(INT16_MAX, Math.floor(INT32_MAX / (INT8_MAX * dimension)));
  const quantised = new Int16Array(memory.memory.buffer, address, dimension);
  return {
    name: 'i8',
    exactScoreCost: 16,
    begin({ vector, norm }, size) {
      let largest = 0;
      for (let i = 0; i < dimension; i++) largest = Math.max(largest, Math.abs(vector[i] as number));
      // Rounded before it is used, as in the rows; a little up, so that the largest component still fits.
      const step = Math.fround((largest / norm / largestInteger) * (1 + 2 ** -22));
      let squares = 0;
      for (let i = 0; i < dimension; i++) {
        const x = (vector[i] as number) / norm;
        const integer = Math.round(x / step);
        quantised[i] = integer;
        const residual = x - integer * step;
        squares += residual * residual;
      }
      const error = 2 * Math.sqrt(squares) + ROUNDING;
      const groups = groupsOf(size);
      return (group, bar) =>
        wasm.next(group, groups, address, step, memory.offset, dimension, bar - error) >>> 0;
    },
  };
}
