import { firstWhere } from './first-where';
import type { SeededRandom } from './random';
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

/** Pairs of templates of different people. */
export const impostorPairs = (set: TemplateSet, random: SeededRandom, budget: PairBudget): PairPlan =>
  plan(set, random, budget, (_a, end) => [end, set.vectors.length]);

/** Pairs of templates of the same person. */
export const genuinePairs = (set: TemplateSet, random: SeededRandom, budget: PairBudget): PairPlan =>
  plan(set, random, budget, (a, end) => [a + 1, end]);

/**
 * Every pair is in there once, with its lower template as `a`. A sample is drawn with replacement, and every pair is
 * equally likely, however unequal people are.
 * @param partners which templates `a` is paired with, from the first up to, not including, the second; `end` is where
 *   the templates of the person of `a` end
 */
function plan(
  { owners, starts }: TemplateSet,
  random: SeededRandom,
  { allUpTo, sample }: PairBudget,
  partners: (a: number, end: number) => readonly [number, number],
): PairPlan {
  const partnersOf = (a: number) => partners(a, starts[(owners[a] as number) + 1] as number);
  let population = 0;
  /** Pairs whose `a` is this template or an earlier one. */
  const upTo = owners.map((_, a) => {
    const [from, to] = partnersOf(a);
    return (population += to - from);
  });
  const pair = { a: 0, b: 0 };
  function* all(): Generator<Pair> {
    for (pair.a = 0; pair.a < owners.length; pair.a++) {
      const [from, to] = partnersOf(pair.a);
      for (pair.b = from; pair.b < to; pair.b++) yield pair;
    }
  }
  function* drawn(): Generator<Pair> {
    for (let i = 0; i < sample; i++) {
      const place = random.below(population);
      pair.a = firstWhere(owners.length - 1, (a) => (upTo[a] as number) > place);
      pair.b = partnersOf(pair.a)[1] - ((upTo[pair.a] as number) - place);
      yield pair;
    }
  }
  const sampled = population > allUpTo;
  return { population, sampled, pairs: sampled ? drawn() : all() };
}
