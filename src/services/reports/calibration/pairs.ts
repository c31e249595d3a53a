import type { Xoshiro128 } from './random';
import type { TemplateSet } from './template-set';

/** Up to how many pairs are all compared; of more, a sample is. 2 million take about half a second of one core. */
export const ALL_PAIRS_UP_TO = 2_000_000;
/** How large the sample is. */
export const SAMPLE_SIZE = 1_000_000;

/** How many pairs are compared. */
export interface PairBudget {
  readonly allUpTo: number;
  readonly sample: number;
}

/** Pairs of templates; the object that is yielded is the same each time, with other numbers. */
interface Pair {
  a: number;
  b: number;
}

export interface PairPlan {
  /** Pairs that there are. */
  readonly population: number;
  /** Pairs that `pairs` yields. */
  readonly count: number;
  readonly sampled: boolean;
  readonly pairs: Iterable<Pair>;
}

type Range = readonly [start: number, end: number];

/** Pairs of templates of different people. */
export function impostorPairs(set: TemplateSet, random: Xoshiro128, budget: PairBudget): PairPlan {
  const { vectors } = set;
  // Ordered pairs that begin with a template of this person; each unordered pair is in there twice.
  const weight = ([start, end]: Range): number => (end - start) * (vectors.length - (end - start));
  return plan(set, weight, budget, {
    *all() {
      const pair = { a: 0, b: 0 };
      for (const [start, end] of ranges(set)) {
        for (pair.a = start; pair.a < end; pair.a++) {
          for (pair.b = end; pair.b < vectors.length; pair.b++) yield pair;
        }
      }
    },
    draw(pair, [start, end]) {
      pair.a = start + random.below(end - start);
      // One of the others: those after the person's own move up by as many places.
      const other = random.below(vectors.length - (end - start));
      pair.b = other < start ? other : other + (end - start);
    },
    random,
  });
}

/** Pairs of templates of the same person. */
export function genuinePairs(set: TemplateSet, random: Xoshiro128, budget: PairBudget): PairPlan {
  const weight = ([start, end]: Range): number => (end - start) * (end - start - 1);
  return plan(set, weight, budget, {
    *all() {
      const pair = { a: 0, b: 0 };
      for (const [start, end] of ranges(set)) {
        for (pair.a = start; pair.a < end; pair.a++) {
          for (pair.b = pair.a + 1; pair.b < end; pair.b++) yield pair;
        }
      }
    },
    draw(pair, [start, end]) {
      pair.a = start + random.below(end - start);
      const other = start + random.below(end - start - 1);
      pair.b = other < pair.a ? other : other + 1;
    },
    random,
  });
}

interface Pairing {
  readonly all: () => Iterable<Pair>;
  /** Draws a pair whose first template is of the person with this range. */
  readonly draw: (pair: Pair, range: Range) => void;
  readonly random: Xoshiro128;
}

/**
 * A sample is drawn with replacement, and every pair is equally likely: first the person, by the number of ordered
 * pairs that begin with them, then one of those pairs. Nothing is drawn in vain, however unequal people are.
 */
function plan(
  set: TemplateSet,
  weight: (range: Range) => number,
  { allUpTo, sample }: PairBudget,
  { all, draw, random }: Pairing,
): PairPlan {
  const ends = new Float64Array(set.people.length);
  let ordered = 0;
  for (let p = 0; p < ends.length; p++) ends[p] = ordered += weight(rangeOf(set, p));
  const population = ordered / 2;
  if (population <= allUpTo) {
    return { population, count: population, sampled: false, pairs: all() };
  }
  function* drawn(): Generator<Pair> {
    const pair = { a: 0, b: 0 };
    for (let i = 0; i < sample; i++) {
      draw(pair, rangeOf(set, firstAbove(ends, random.below(ordered))));
      yield pair;
    }
  }
  return { population, count: sample, sampled: true, pairs: drawn() };
}

const rangeOf = ({ starts }: TemplateSet, p: number): Range => [starts[p] as number, starts[p + 1] as number];

function* ranges(set: TemplateSet): Generator<Range> {
  for (let p = 0; p < set.people.length; p++) yield rangeOf(set, p);
}

/** The first index whose value is above `x`, in ascending values of which the last one is. */
function firstAbove(values: Float64Array, x: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
