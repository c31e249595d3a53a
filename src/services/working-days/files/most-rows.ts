import { daysIn } from '../../dates/dates';
import type { ReportOrder } from './report-order';

const DAYS_OF_WEEK = 7;

/** Months that a range touches. */
const monthsIn = (from: string, until: string): number =>
  12 * (Number(until.slice(0, 4)) - Number(from.slice(0, 4))) +
  (Number(until.slice(5, 7)) - Number(from.slice(5, 7))) +
  1;

/** How many rows one person can have. Of spans an estimate: few people have more than two a day. */
export function mostRows({ kind, from, until }: Pick<ReportOrder, 'kind' | 'from' | 'until'>): number {
  const days = daysIn(from, until);
  switch (kind) {
    case 'TIMESHEET_DAYS':
    case 'EXCEPTIONS':
      return days;
    case 'TIMESHEET_SPANS':
      return 2 * days;
    case 'HOURS_BY_WEEK':
      // Weeks can begin on any day.
      return Math.ceil((days + DAYS_OF_WEEK - 1) / DAYS_OF_WEEK);
    case 'HOURS_BY_MONTH':
      return monthsIn(from, until);
    case 'TIMESHEET_TOTALS':
    case 'MUSTER':
      return 1;
  }
}
