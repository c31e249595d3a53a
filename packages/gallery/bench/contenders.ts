import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildKernel } from '../../../scripts/build-kernels';
import { Gallery } from '#src/gallery';
import type { KernelName } from '#src/kernels/kernel';

/** The templates of N people, one each, row after row. */
export interface Matrix {
  readonly rows: Float32Array;
  readonly size: number;
  readonly dimension: number;
}

/** Something that is timed. Each holds a copy of the templates, so that none finds its own in the cache for another. */
export interface Contender {
  readonly name: string;
  /** Milliseconds that one probe took. */
  time(probe: Float64Array): Promise<number>;
  close?(): Promise<void>;
}

const clocked = (name: string, work: (probe: Float64Array) => unknown): Contender => ({
  name,
  async time(probe) {
    const began = performance.now();
    await work(probe);
    return performance.now() - began;
  },
});

/** Who the template of a row belongs to. */
export const idOf = (row: number): string => `00000000-0000-4000-8000-${row.toString(16).padStart(12, '0')}`;

export const rowOf = ({ rows, dimension }: Matrix, row: number): Float32Array =>
  rows.subarray(row * dimension, (row + 1) * dimension);

export function galleryOf(matrix: Matrix, kernel: KernelName | 'auto'): Gallery {
  const gallery = new Gallery({ dimension: matrix.dimension, kernel });
  for (let row = 0; row < matrix.size; row++) gallery.set(idOf(row), [rowOf(matrix, row)]);
  return gallery;
}

export const galleryContender = (name: string, gallery: Gallery): Contender => ({
  ...clocked(name, (probe) => gallery.identify(probe)),
  close: () => gallery.close(),
});

/** What no exact scan of the float32 templates can be faster than. */
export async function reading({ rows }: Matrix): Promise<Contender> {
  const file = join(tmpdir(), 'rollcall-bench-read.wasm');
  await buildKernel(join(__dirname, 'assembly', 'read.ts'), file);
  const pages = Math.ceil(rows.byteLength / 65_536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
  new Float32Array(memory.buffer).set(rows);
  const module = new WebAssembly.Module(readFileSync(file));
  const { read } = new WebAssembly.Instance(module, { env: { memory } }).exports as {
    readonly read: (start: number, bytes: number) => number;
  };
  for (let call = 0; call < 2000; call++) read(0, 16_384);
  return clocked('read', () => read(0, Math.floor(rows.byteLength / 256) * 256));
}

/** As one would write it first: an array of objects with arrays of numbers, both norms for every pair. */
export function naiveJs(matrix: Matrix): Contender {
  const people = Array.from({ length: matrix.size }, (_, row) => ({
    id: row,
    descriptor: Array.from(rowOf(matrix, row)),
  }));
  const cosine = (a: readonly number[], b: readonly number[]): number => {
    let dot = 0;
    let left = 0;
    let right = 0;
    for (let i = 0; i < a.length; i++) {
      const x = a[i] as number;
      const y = b[i] as number;
      dot += x * y;
      left += x * x;
      right += y * y;
    }
    return dot / (Math.sqrt(left) * Math.sqrt(right));
  };
  return clocked('naive JS', (probe) => {
    const descriptor = Array.from(probe);
    let best = -1;
    let bestScore = -Infinity;
    for (const person of people) {
      const score = cosine(descriptor, person.descriptor);
      if (score > bestScore) {
        best = person.id;
        bestScore = score;
      }
    }
    return best;
  });
}

/** The best that plain JavaScript does: one matrix of unit vectors. */
export function flatJs(matrix: Matrix): Contender {
  const { size, dimension } = matrix;
  const rows = unitRows(matrix);
  return clocked('flat JS', (vector) => {
    const probe = unit(vector);
    let best = -1;
    let bestScore = -Infinity;
    for (let row = 0, at = 0; row < size; row++) {
      let dot = 0;
      for (let i = 0; i < dimension; i++, at++) dot += (probe[i] as number) * (rows[at] as number);
      if (dot > bestScore) {
        bestScore = dot;
        best = row;
      }
    }
    return best;
  });
}

/** Installed only for the comparison. */
const requireOther = createRequire(join(__dirname, 'others', 'package.json'));

interface USearch {
  readonly MetricKind: { readonly Cos: string };
  readonly exactSearch: (
    rows: Float32Array,
    probe: Float32Array,
    dimension: number,
    count: number,
    metric: string,
    threads: number,
  ) => unknown;
}

export function usearch({ rows, dimension }: Matrix): Contender {
  const { exactSearch, MetricKind } = requireOther('usearch') as USearch;
  const copy = rows.slice();
  return clocked('usearch exact', (probe) =>
    exactSearch(copy, Float32Array.from(probe), dimension, 2, MetricKind.Cos, 1),
  );
}

interface BruteForce {
  initIndex(size: number): void;
  addPoint(vector: number[], label: number): void;
  searchKnn(vector: number[], count: number): unknown;
}

export function hnswlib(matrix: Matrix): Contender {
  const { BruteforceSearch } = requireOther('hnswlib-node') as {
    BruteforceSearch: new (space: string, dimension: number) => BruteForce;
  };
  const index = new BruteforceSearch('cosine', matrix.dimension);
  index.initIndex(matrix.size);
  for (let row = 0; row < matrix.size; row++) index.addPoint(Array.from(rowOf(matrix, row)), row);
  return clocked('hnswlib-node brute force', (probe) => index.searchKnn(Array.from(probe), 2));
}

/** The templates as unit vectors. */
export function unitRows(matrix: Matrix): Float32Array {
  const rows = new Float32Array(matrix.rows.length);
  for (let row = 0; row < matrix.size; row++) rows.set(unit(rowOf(matrix, row)), row * matrix.dimension);
  return rows;
}

export function unit(vector: Float32Array | Float64Array): Float32Array {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const norm = Math.sqrt(squares);
  return Float32Array.from(vector, (x) => x / norm);
}
