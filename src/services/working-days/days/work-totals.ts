import type { DayFigures } from '@rollcall/working-days';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays, checkRange } from '../../dates/dates';
import type { DayReader } from './day-reader';
import { MAX_DAYS } from './day-lists';
import { addFigures, noFigures } from './sum-figures';
import type { TimesheetFilter } from './timesheets';
import type { TotalQuery } from './total-batch';

/** Sums of a week, a month or an office. */
export interface WorkTotal {
  /** The first day of a week, a month as in 2026-03, or the id of an office. */
  readonly key: string;
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly employees: number;
  readonly figures: DayFigures;
}

/** Sums over people. */
export class WorkTotals {
  constructor(private readonly reader: DayReader) {}

  /** @throws RollcallError BAD_USER_INPUT (until) */
  async of({ from, until, people }: TimesheetFilter, by: TotalQuery): Promise<WorkTotal[]> {
    checkRange(from, until, MAX_DAYS);
    const reading = await this.reader.open({ filter: people, from, until });
    const sums = new Map<string, { employees: number; figures: ReturnType<typeof noFigures> }>();
    for await (const groups of reading.totals(by)) {
      for (const { key, employees, figures } of groups) {
        let sum = sums.get(key);
        if (sum === undefined) sums.set(key, (sum = { employees: 0, figures: noFigures() }));
        sum.employees += employees;
        addFigures(sum.figures, figures);
      }
    }
    return [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, sum]) => ({ key, ...within(key, by, from, until), ...sum }));
  }
}

/** The dates of a group that are in the range. */
function within(key: string, by: TotalQuery, from: LocalDate, until: LocalDate) {
  if (by === 'OFFICE') return { from, until };
  const first = by === 'WEEK' ? key : `${key}-01`;
  const last = by === 'WEEK' ? addDays(key, 6) : lastOfMonth(key);
  return { from: first < from ? from : first, until: last > until ? until : last };
}

function lastOfMonth(month: string): LocalDate {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
