import { daysIn } from '../../../services/dates/dates';

/** How many days timesheets are taken to have until their dates are known. */
export const DAYS_OF_MONTH = 31;
/** Longer ranges are refused. */
const LONGEST = 92;

/**
 * What a timesheet costs: its fields were counted with the days of a month, and cost as much more or less as the dates
 * that are asked for are more or fewer.
 * @param range from and until, as they were sent
 */
export function rangeComplexity(range: unknown, childComplexity: number): number {
  const { from, until } = (range ?? {}) as Readonly<Record<string, unknown>>;
  const days = typeof from === 'string' && typeof until === 'string' ? daysIn(from, until) : NaN;
  // What is no range is refused later, and costs nothing then.
  const counted = Number.isNaN(days) ? DAYS_OF_MONTH : Math.min(Math.max(days, 1), LONGEST);
  return Math.ceil((childComplexity * counted) / DAYS_OF_MONTH);
}
