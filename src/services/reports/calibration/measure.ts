import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClosestPairs } from './closest-pairs';
import {
  ALL_PAIRS_UP_TO,
  genuinePairs,
  impostorPairs,
  SAMPLE_SIZE,
  type PairBudget,
  type PairPlan,
} from './pairs';
import { Xoshiro128 } from './random';
import { ScoreHistogram } from './score-histogram';
import { collectTemplates, MAX_PEOPLE, similarity, type EnrolledPerson } from './template-set';

/** The seed unless another one is asked for: the same data give the same report. */
const DEFAULT_SEED = 20_170_512;

/** How many close pairs are named. */
const CLOSEST_PAIRS = 10;

/** How long a slice of work holds the event loop, in milliseconds: punches go on meanwhile. */
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

/** Scores of one kind of pairs. */
export interface ScoredPairs {
  readonly scores: ScoreHistogram;
  /** Pairs that there are (among the people held); `scores.size` of them were compared. */
  readonly population: number;
  readonly sampled: boolean;
}

/** What was measured; every threshold's rates follow from it. Holds no vector. */
export interface Measurement {
  readonly seed: number;
  readonly people: number;
  /** People whose templates were held: all, or a uniform sample. */
  readonly peopleHeld: number;
  readonly peopleWithSeveral: number;
  readonly templates: number;
  readonly skipped: number;
  readonly impostor: ScoredPairs;
  readonly genuine: ScoredPairs;
  /** Each template's similarity to the nearest template of anybody else; null where only a sample was compared. */
  readonly nearestOther: ScoreHistogram | null;
  readonly closest: readonly {
    readonly first: string;
    readonly second: string;
    readonly similarity: number;
  }[];
}

/**
 * Compares the templates of one model with each other, in slices, so that the event loop stays free.
 * @throws what the signal was aborted with
 */
export async function measure(
  source: Iterable<EnrolledPerson> | AsyncIterable<EnrolledPerson>,
  {
    budget = { allUpTo: ALL_PAIRS_UP_TO, sample: SAMPLE_SIZE },
    seed = DEFAULT_SEED,
    maxPeople = MAX_PEOPLE,
    signal,
  }: MeasureOptions = {},
): Promise<Measurement> {
  const random = new Xoshiro128(seed);
  const set = await collectTemplates(source, random, { maxPeople, signal });
  const { people, owners, starts } = set;

  const closest = new ClosestPairs(CLOSEST_PAIRS);
  const nearest = new Float64Array(owners.length).fill(-Infinity);
  const impostors = impostorPairs(set, random, budget);
  const impostorScores = new ScoreHistogram();
  await inSlices(impostors, signal, (a, b) => {
    const score = similarity(set, a, b);
    impostorScores.add(score);
    closest.offer(owners[a] as number, owners[b] as number, score);
    if (score > (nearest[a] as number)) nearest[a] = score;
    if (score > (nearest[b] as number)) nearest[b] = score;
  });

  const genuine = genuinePairs(set, random, budget);
  const genuineScores = new ScoreHistogram();
  await inSlices(genuine, signal, (a, b) => genuineScores.add(similarity(set, a, b)));

  const nearestOther = impostors.sampled ? null : new ScoreHistogram();
  if (people.length > 1) for (const score of nearest) nearestOther?.add(score);
  return {
    seed,
    people: set.peopleSeen,
    peopleHeld: people.length,
    peopleWithSeveral: people.filter((_, p) => (starts[p + 1] as number) - (starts[p] as number) > 1).length,
    templates: set.templatesSeen,
    skipped: set.skipped,
    impostor: {
      scores: impostorScores,
      population: impostors.population,
      sampled: impostors.sampled,
    },
    genuine: { scores: genuineScores, population: genuine.population, sampled: genuine.sampled },
    nearestOther,
    closest: closest.list().map(({ first, second, similarity: score }) => ({
      first: people[first] as string,
      second: people[second] as string,
      similarity: score,
    })),
  };
}

async function inSlices(
  { pairs }: PairPlan,
  signal: AbortSignal | undefined,
  compare: (a: number, b: number) => void,
): Promise<void> {
  signal?.throwIfAborted();
  let sliceEnd = performance.now() + SLICE_MS;
  let untilLook = PAIRS_A_LOOK;
  for (const { a, b } of pairs) {
    compare(a, b);
    if (--untilLook > 0) continue;
    untilLook = PAIRS_A_LOOK;
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  }
}
