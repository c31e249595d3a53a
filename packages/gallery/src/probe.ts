/**
 * Euclidean norms of vectors that have a direction to compare. Descriptors of known models measure 0.5 to 100; far
 * outside of that float32 arithmetic overflows or loses everything, so such a vector matches nothing.
 */
const MIN_NORM = 2 ** -20;
const MAX_NORM = 2 ** 20;

/** The probe: the descriptor as it was sent and its norm, both in float64. */
export interface Probe {
  readonly vector: Float64Array;
  readonly norm: number;
}

/** The vector's Euclidean norm in float64; null if it has no usable direction (NaN, infinite, zero, absurd). */
export function normOf(vector: Float64Array | Float32Array): number | null {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) {
    const x = vector[i] as number;
    squares += x * x;
  }
  const norm = Math.sqrt(squares);
  // Written so that a NaN fails too.
  return norm >= MIN_NORM && norm <= MAX_NORM ? norm : null;
}

/** The cosine of two vectors, -1 to 1, in float64; NaN if one has no usable direction. */
export function cosine(a: Float64Array, b: Float64Array): number {
  const norms = (normOf(a) ?? NaN) * (normOf(b) ?? NaN);
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += (a[i] as number) * (b[i] as number);
  return dot / norms;
}
