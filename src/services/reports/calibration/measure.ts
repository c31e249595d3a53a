import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClosestPairs } from './closest-pairs';
import { DEFAULT_BUDGET, genuinePairs, impostorPairs, type PairBudget, type PairPlan } from './pairs';
import { SeededRandom } from './random';
import { ScoreHistogram } from './score-histogram';
import { collectTemplates, similarity, type EnrolledPerson } from './template-set';

/** The default seed: the same data give the same report. */
const DEFAULT_SEED = 20_170_512;
/** How many close pairs are named. */
const CLOSEST_PAIRS = 10;
/** How long a slice of work holds the event loop, in milliseconds. Between slices other requests are served. */
const SLICE_MS = 8;
/** Pairs between two looks at the clock. */
const PAIRS_A_LOOK = 2048;

export interface MeasureOptions {
  readonly budget?: PairBudget;
  readonly seed?: number;
  /** People held in memory; of more, a uniform sample is. */
  readonly maxPeople?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What was measured; every threshold's rates follow from it. Holds no vector. */
export type Measurement = Awaited<ReturnType<typeof measure>>;

/** Scores of one kind of pairs. */
export interface ScoredPairs {
  readonly scores: ScoreHistogram;
  /** Pairs that there are (among the people held); `scores.size` of them were compared. */
  readonly population: number;
  readonly sampled: boolean;
}

/**
 * Compares the templates of one model with each other, in slices, so that the event loop stays free.
 * @throws what the signal was aborted with
 */
export async function measure(
  source: Iterable<EnrolledPerson> | AsyncIterable<EnrolledPerson>,
  { budget = DEFAULT_BUDGET, seed = DEFAULT_SEED, maxPeople, signal }: MeasureOptions = {},
) {
  const random = new SeededRandom(seed);
  const set = await collectTemplates(source, random, { maxPeople, signal });
  const { people, owners, starts } = set;
  const closest = new ClosestPairs(CLOSEST_PAIRS);
  const nearest = new Float64Array(owners.length).fill(-Infinity);

  async function scored(
    { pairs, population, sampled }: PairPlan,
    look: (a: number, b: number, score: number) => void,
  ): Promise<ScoredPairs> {
    const scores = new ScoreHistogram();
    signal?.throwIfAborted();
    let sliceEnd = performance.now() + SLICE_MS;
    for (const { a, b } of pairs) {
      const score = similarity(set, a, b);
      scores.add(score);
      look(a, b, score);
      if (scores.size % PAIRS_A_LOOK !== 0 || performance.now() < sliceEnd) continue;
      await nextTurn();
      signal?.throwIfAborted();
      sliceEnd = performance.now() + SLICE_MS;
    }
    return { scores, population, sampled };
  }

  const impostor = await scored(impostorPairs(set, random, budget), (a, b, score) => {
    closest.offer(owners[a] as number, owners[b] as number, score);
    if (score > (nearest[a] as number)) nearest[a] = score;
    if (score > (nearest[b] as number)) nearest[b] = score;
  });
  const genuine = await scored(genuinePairs(set, random, budget), () => undefined);
  const nearestOther = new ScoreHistogram();
  if (people.length > 1 && !impostor.sampled) nearest.forEach((score) => nearestOther.add(score));
  return {
    seed,
    employees: set.peopleSeen,
    /** All, or a uniform sample. */
    employeesCompared: people.length,
    employeesWithSeveralTemplates: people.filter(
      (_, p) => (starts[p + 1] as number) - (starts[p] as number) > 1,
    ).length,
    templates: set.templatesSeen,
    skippedTemplates: set.skipped,
    impostor,
    genuine,
    /** Each template's similarity to the nearest template of anybody else; null if only a sample was compared. */
    nearestOther: impostor.sampled ? null : nearestOther,
    closest: closest.list().map(({ first, second, similarity: score }) => ({
      first: people[first] as string,
      second: people[second] as string,
      similarity: score,
    })),
  };
}
