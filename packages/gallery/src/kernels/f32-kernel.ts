import type { TemplateRows } from '../template-rows';
import { groupsOf, type Kernel } from './kernel';
import { RowMemory, type ThreadIndex } from './row-memory';
import type { F32Exports } from './wasm';

/** Float32's unit roundoff. */
const U = 2 ** -24;

/**
 * Components of the unit probe below this count as zero, so that no product with a row's (2^-80 and more, see
 * template-rows.ts) is denormal.
 */
const NEGLIGIBLE = 2 ** -40;

/**
 * By how much the kernel's cosine may be wrong. A float32 dot product of n terms, summed in any order, is off by no
 * more than n·u/(1 - n·u) times the product of the norms (Higham, Accuracy and Stability of Numerical Algorithms, 3.1).
 * Rounding the probe, the bar, the row's norm and their product to float32 adds one u each, what is negligible in the
 * probe and float64's own rounding less than one; the rest of the eight is reserve.
 */
const errorOf = (dimension: number): number => (dimension + 8) * U;

/** WASM SIMD over the templates themselves. */
export function f32Kernel(rows: TemplateRows, wasm: F32Exports, thread: ThreadIndex = 0): Kernel {
  const { dimension, memory } = rows;
  const address = RowMemory.probeOffset(thread);
  const error = errorOf(dimension);
  return {
    name: 'f32',
    exactScoreCost: 10,
    begin({ vector, norm }, size) {
      for (let i = 0; i < dimension; i++) {
        const x = (vector[i] as number) / norm;
        memory.f32[address / 4 + i] = Math.abs(x) < NEGLIGIBLE ? 0 : x;
      }
      const groups = groupsOf(size);
      return (group, bar) => wasm.next(group, groups, address, memory.offset, dimension, bar - error) >>> 0;
    },
  };
}
