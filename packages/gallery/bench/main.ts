/**
 * Measures one-to-many identification beside what else there is, in one interleaved run, and checks every answer
 * against float64. bench/README.md says what is measured and how to read it.
 */
import {
  flatJs,
  galleryContender,
  galleryOf,
  hnswlib,
  naiveJs,
  reading,
  rowOf,
  usearch,
  type Contender,
  type Matrix,
} from './contenders';
import { numpy, numpyInstalled } from './numpy';
import { report, type Case } from './report';
import { truths } from './truth';
import { Faces } from './workload';
import type { Gallery, Identification } from '#src/gallery';

/** Templates, numbers each, rounds. */
const CASES: readonly (readonly [number, number, number])[] = [
  [1000, 128, 1000],
  [10_000, 128, 500],
  [100_000, 128, 200],
  [1_000_000, 128, 40],
  [100_000, 512, 60],
];
const PROBES = Number(process.env['BENCH_PROBES'] ?? 1000);
const ONLY = process.env['BENCH_SIZES']?.split(',').map(Number);
const WARM_UP_ROUNDS = 5;
/** From here on the service scans in a thread of its own: measured besides, at the end of each line of contenders. */
const THREAD_FROM = 200_000;

function makeMatrix(faces: Faces, size: number, dimension: number): Matrix {
  const matrix = { rows: new Float32Array(size * dimension), size, dimension };
  for (let row = 0; row < size; row++) matrix.rows.set(faces.stranger(), row * dimension);
  return matrix;
}

/** Half of them somebody who is enrolled, half of them strangers. */
const makeProbes = (faces: Faces, matrix: Matrix, count: number): Float64Array[] =>
  Array.from({ length: count }, (_, i) =>
    i % 2 === 0
      ? faces.again(rowOf(matrix, Math.floor((i / count) * matrix.size)))
      : Float64Array.from(faces.stranger()),
  );

async function makeContenders(
  matrix: Matrix,
  galleries: ReadonlyMap<string, Gallery>,
): Promise<readonly Contender[]> {
  return [
    ...[...galleries].map(([name, gallery]) => galleryContender(name, gallery)),
    await reading(matrix),
    flatJs(matrix),
    naiveJs(matrix),
    usearch(matrix),
    hnswlib(matrix),
    ...(numpyInstalled() ? [await numpy(matrix)] : []),
  ];
}

/** Each meets every probe once a round, beginning with another one each time. */
async function time(
  contenders: readonly Contender[],
  probes: readonly Float64Array[],
  rounds: number,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const probe = probes[(round + WARM_UP_ROUNDS) % probes.length] as Float64Array;
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round + WARM_UP_ROUNDS) % contenders.length] as Contender;
      const ms = await contender.time(probe);
      if (round >= 0) times.get(contender.name)?.push(ms);
    }
  }
  return times;
}

/** How many answers of all galleries differ from float64's, in an identity or in a bit of a score. */
async function countWrong(
  galleries: ReadonlyMap<string, Gallery>,
  matrix: Matrix,
  probes: readonly Float64Array[],
): Promise<number> {
  const same = (a: Identification | null, b: Identification): boolean =>
    a?.best.key === b.best.key &&
    a.best.similarity === b.best.similarity &&
    a.runnerUp?.key === b.runnerUp?.key &&
    a.runnerUp?.similarity === b.runnerUp?.similarity;
  const expected = truths(matrix, probes);
  let wrong = 0;
  for (const gallery of galleries.values()) {
    for (const [i, probe] of probes.entries()) {
      if (!same(await gallery.identify(probe), expected[i] as Identification)) wrong++;
    }
  }
  return wrong;
}

async function measure(size: number, dimension: number, rounds: number): Promise<Case> {
  const note = (text: string): boolean => process.stderr.write(`${size} × ${dimension}: ${text}\n`);
  note('making');
  const faces = new Faces(dimension);
  const matrix = makeMatrix(faces, size, dimension);
  const probes = makeProbes(faces, matrix, PROBES);
  const galleries = new Map<string, Gallery>([
    ['f32', galleryOf(matrix, 'f32')],
    ['i8', galleryOf(matrix, 'i8')],
    ...(size >= THREAD_FROM ? [['i8 in a thread', galleryOf(matrix, 'auto')] as const] : []),
  ]);
  const contenders = await makeContenders(matrix, galleries);
  note('timing');
  const times = await time(contenders, probes, rounds);
  note('checking');
  const wrong = await countWrong(galleries, matrix, probes);
  for (const contender of contenders) await contender.close?.();
  return { size, dimension, rounds, times, probes: probes.length, wrong };
}

async function main(): Promise<void> {
  const cases: Case[] = [];
  for (const [size, dimension, rounds] of CASES) {
    if (ONLY === undefined || ONLY.includes(size)) cases.push(await measure(size, dimension, rounds));
  }
  process.stdout.write(`${report(cases)}\n`);
  if (cases.some(({ wrong }) => wrong > 0)) throw new Error('An identity or a score differs from float64');
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
