import { firstWhere } from './first-where';
import type { Xoshiro128 } from './random';
import type { TemplateSet } from './template-set';

/** Up to `allUpTo` pairs are all compared; of more, a sample is. */
export interface PairBudget {
  readonly allUpTo: number;
  readonly sample: number;
}

/** 2 million take about half a second of one core. */
export const DEFAULT_BUDGET: PairBudget = { allUpTo: 2_000_000, sample: 1_000_000 };

/** Pairs of templates; the object that is yielded is the same each time, with other numbers. */
interface Pair {
  a: number;
  b: number;
}

export interface PairPlan {
  /** Pairs that there are. */
  readonly population: number;
  readonly sampled: boolean;
  readonly pairs: Iterable<Pair>;
}

/** What template `a` of a person is paired with, whose templates are those from `start` up to, not including, `end`. */
interface Partners {
  readonly count: (start: number, end: number) => number;
  /** The nth of them, from 0, in ascending order. */
  readonly nth: (n: number, a: number, start: number, end: number) => number;
}

/** Pairs of templates of different people. */
export const impostorPairs = (set: TemplateSet, random: Xoshiro128, budget: PairBudget): PairPlan =>
  plan(set, random, budget, {
    count: (start, end) => set.vectors.length - (end - start),
    nth: (n, _a, start, end) => (n < start ? n : n + end - start),
  });

/** Pairs of templates of the same person. */
export const genuinePairs = (set: TemplateSet, random: Xoshiro128, budget: PairBudget): PairPlan =>
  plan(set, random, budget, {
    count: (start, end) => end - start - 1,
    nth: (n, a, start) => (start + n < a ? start + n : start + n + 1),
  });

/**
 * A sample is drawn with replacement, and every pair is equally likely: first the person, by the number of ordered
 * pairs that begin with them, then one of those pairs. Nothing is drawn in vain, however unequal people are.
 */
function plan(
  { people, starts }: TemplateSet,
  random: Xoshiro128,
  { allUpTo, sample }: PairBudget,
  { count, nth }: Partners,
): PairPlan {
  const rangeOf = (p: number) => [starts[p] as number, starts[p + 1] as number] as const;
  // Ordered pairs that begin with a template of a person up to this one: each unordered pair is in there twice.
  let ordered = 0;
  const upTo = people.map((_, p) => {
    const [start, end] = rangeOf(p);
    return (ordered += (end - start) * count(start, end));
  });
  const pair = { a: 0, b: 0 };
  function* all(): Generator<Pair> {
    for (let p = 0; p < people.length; p++) {
      const [start, end] = rangeOf(p);
      for (pair.a = start; pair.a < end; pair.a++) {
        for (let n = 0; n < count(start, end); n++) {
          pair.b = nth(n, pair.a, start, end);
          if (pair.b > pair.a) yield pair;
        }
      }
    }
  }
  function* drawn(): Generator<Pair> {
    for (let i = 0; i < sample; i++) {
      const place = random.below(ordered);
      const [start, end] = rangeOf(firstWhere(people.length - 1, (p) => (upTo[p] as number) > place));
      pair.a = start + random.below(end - start);
      pair.b = nth(random.below(count(start, end)), pair.a, start, end);
      yield pair;
    }
  }
  const sampled = ordered / 2 > allUpTo;
  return { population: ordered / 2, sampled, pairs: sampled ? drawn() : all() };
}
