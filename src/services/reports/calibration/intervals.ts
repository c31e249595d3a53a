import { betaQuantile } from './beta-quantile';
import type { Measurement } from './measure';

/** A rate with its 95 % interval. */
export interface DerivedRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** How often something went wrong (errors / comparisons), and what that says about how often it does. */
export interface Rate extends DerivedRate {
  readonly errors: number;
  readonly comparisons: number;
}

const ALPHA = 0.05;

/**
 * The rule of three (Hanley and Lippman-Hand 1983): after n comparisons without an error, the true rate is at most 3/n
 * with 95 % confidence. All of the 5 % lies on one side there, since a rate cannot be less than 0.
 */
const ruleOfThree = (comparisons: number): number => Math.min(1, 3 / comparisons);

/** How many comparisons without any error it takes to vouch for a rate. */
export function comparisonsFor(rate: number): number {
  // 3 / 1e-4 and the like are whole numbers; a rounding error must not ask for one more.
  const nearest = Math.round(3 / rate);
  return ruleOfThree(nearest) <= rate ? nearest : Math.ceil(3 / rate);
}

/**
 * A rate with its exact binomial interval (Clopper and Pearson 1934) from the beta distribution's quantiles, 2.5 % on
 * either side; the rule of three if there are no errors, or nothing but errors.
 * @returns null without any comparison, since then nothing is known
 */
export function rateOf(errors: number, comparisons: number): Rate | null {
  if (comparisons === 0) return null;
  const right = comparisons - errors;
  const observed = { errors, comparisons, rate: errors / comparisons };
  if (errors === 0) return { ...observed, low: 0, high: ruleOfThree(comparisons) };
  if (right === 0) return { ...observed, low: 1 - ruleOfThree(comparisons), high: 1 };
  return {
    ...observed,
    low: betaQuantile(ALPHA / 2, errors, right + 1),
    high: betaQuantile(1 - ALPHA / 2, errors + 1, right),
  };
}

/** How often a threshold (in steps) accepts strangers, and refuses the right people; null without such pairs. */
export function errorRates({ impostor, genuine }: Pick<Measurement, 'impostor' | 'genuine'>, step: number) {
  const [strangers, owners] = [impostor.scores, genuine.scores];
  return {
    fmr: rateOf(strangers.atLeast(step), strangers.size),
    fnmr: rateOf(owners.size - owners.atLeast(step), owners.size),
  };
}

/**
 * The chance that a search for somebody who is not enrolled finds somebody all the same, if each of `templates`
 * comparisons falsely matches independently of the others: 1 - (1 - FMR)^templates. It only ever rises with the FMR,
 * so the ends of the FMR's interval give the ends of this one.
 */
export function falsePositiveIdentification(fmr: Rate, templates: number): DerivedRate {
  // Written for tiny rates, of which 1 - (1 - x)^n would keep few digits.
  const over = (x: number): number => (x >= 1 ? 1 : -Math.expm1(templates * Math.log1p(-x)));
  return { rate: over(fmr.rate), low: over(fmr.low), high: over(fmr.high) };
}
