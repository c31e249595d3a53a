import type { DayFigures, DerivedDay } from '@rollcall/working-days';
import { openIssues } from './open-issues';
import { sumFigures } from './sum-figures';

/** The sums of a person's days. */
export interface PersonSums {
  readonly totals: DayFigures;
  /** Days that wait for somebody. */
  readonly openIssues: number;
}

export const sumsOf = (days: readonly DerivedDay[]): PersonSums => ({
  totals: sumFigures(days),
  openIssues: openIssues(days),
});
