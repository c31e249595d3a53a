import { addDays } from '../../dates/dates';
import type { ReadRange } from './calendar-rows';

/** Days before and after a range of which plans are read. A night shift and its neighbours are in it. */
export const MARGIN_DAYS = 3;
/** Days after a range of which punches are read at first. */
export const DAYS_AFTER = 1;
/** The most days that are read for somebody who never stops punching. */
export const MAX_MARGIN_DAYS = 400;

/** Days around a range of which punches are read. */
export interface Margin {
  readonly before: number;
  readonly after: number;
}

export const wide = (days: number): Margin => {
  const margin = Math.min(days, MAX_MARGIN_DAYS);
  return { before: margin, after: margin };
};

/** Dates of plans and facts: a shift of the day before can reach into a range, and a span further back. */
export const readRange = ({ from, until }: ReadRange, days: number) => ({
  from: addDays(from, -days),
  until: addDays(until, MARGIN_DAYS),
});

export const punchRange = ({ from, until }: ReadRange, lookback: number, { before, after }: Margin) => ({
  from: addDays(from, -lookback - before),
  until: addDays(until, after),
});

/** Further from its date no punch counts: two days of a span, two of its session, and one of a night. */
export const AROUND_DAYS = 5;
