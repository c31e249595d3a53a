import type { Identification } from '#src/gallery';
import { idOf, type Matrix } from './contenders';

const BATCH = 4;

/**
 * The best and the next best row for each probe, every pair scored in float64, term by term in the vectors' order. Four
 * probes at a time, which changes no sum and takes a third of the time.
 */
export function truths(matrix: Matrix, probes: readonly Float64Array[]): Identification[] {
  const found: Identification[] = [];
  for (let at = 0; at < probes.length; at += BATCH) {
    found.push(...batch(matrix, probes.slice(at, at + BATCH)));
  }
  return found;
}

function norm(vector: Float32Array | Float64Array): number {
  let squares = 0;
  for (const x of vector) squares += x * x;
  return Math.sqrt(squares);
}

function batch({ rows, size, dimension }: Matrix, probes: readonly Float64Array[]): Identification[] {
  const [a, b, c, d] = Array.from({ length: BATCH }, (_, i) => probes[i] ?? new Float64Array(dimension)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const norms = [a, b, c, d].map(norm);
  const tops = probes.map(() => ({ best: -1, bestScore: -Infinity, second: -1, secondScore: -Infinity }));
  for (let row = 0; row < size; row++) {
    const first = row * dimension;
    let dotA = 0;
    let dotB = 0;
    let dotC = 0;
    let dotD = 0;
    let squares = 0;
    for (let i = 0; i < dimension; i++) {
      const x = rows[first + i] as number;
      dotA += (a[i] as number) * x;
      dotB += (b[i] as number) * x;
      dotC += (c[i] as number) * x;
      dotD += (d[i] as number) * x;
      squares += x * x;
    }
    const rowNorm = Math.sqrt(squares);
    const dots = [dotA, dotB, dotC, dotD];
    tops.forEach((top, i) => {
      const score = (dots[i] as number) / ((norms[i] as number) * rowNorm);
      if (score > top.bestScore) {
        Object.assign(top, { best: row, bestScore: score, second: top.best, secondScore: top.bestScore });
      } else if (score > top.secondScore) {
        Object.assign(top, { second: row, secondScore: score });
      }
    });
  }
  return tops.map(({ best, bestScore, second, secondScore }) => ({
    best: { key: idOf(best), similarity: bestScore },
    runnerUp: { key: idOf(second), similarity: secondScore },
  }));
}
