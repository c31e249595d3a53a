import type { DayFigures, DerivedDay } from '@rollcall/working-days';
import { decodeCursor, encodeCursor, MAX_PAGE, type Page, type PageRequest } from '../../../database/paging';
import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import { checkRange } from '../../dates/dates';
import { MAX_DAYS } from './day-lists';
import type { DayReader } from './day-reader';
import type { EmployeeDay } from './employee-day';
import { countPeople, type PeopleFilter } from './person-rows';
import type { PersonDays } from './derive-batch';
import { sumFigures } from './sum-figures';
import { sumsOf } from './person-sums';

export interface TimesheetFilter {
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly people: PeopleFilter;
}

/** The days of one person. */
export interface Timesheet {
  /** The employee's row id. */
  readonly id: string;
  readonly sortKey: string;
  readonly from: LocalDate;
  readonly until: LocalDate;
  /** Empty if only sums were asked for. */
  readonly days: readonly DerivedDay[];
  readonly totals: DayFigures;
  /** Days that wait for somebody. */
  readonly openIssues: number;
  readonly derivedAt: Date;
}

/** What a list of timesheets is asked for besides sums. */
interface TimesheetContents {
  readonly days: boolean;
  /** Whether each figure is explained. */
  readonly steps: boolean;
}

const LIST = 'timesheets';

/** Days of people over a range. */
export class Timesheets {
  constructor(
    private readonly reader: DayReader,
    private readonly statements: Statements,
  ) {}

  /**
   * @param id the employee's row id
   * @param steps whether each figure is explained
   * @throws RollcallError BAD_USER_INPUT (until)
   */
  async of(id: string, from: LocalDate, until: LocalDate, steps = true): Promise<Timesheet> {
    checkRange(from, until, MAX_DAYS);
    const reading = await this.reader.open({ filter: { ids: [id] }, from, until, steps });
    const [person] = await reading.page(null, 1);
    return sheetOf(person ?? { id, sortKey: '', days: [] }, { from, until }, reading.asOf);
  }

  /**
   * @param id the employee's row id
   * @param steps whether each figure is explained
   */
  async day(id: string, date: LocalDate, steps = true): Promise<EmployeeDay> {
    const { days, derivedAt } = await this.of(id, date, date, steps);
    return { id, day: days[0] as DerivedDay, derivedAt };
  }

  /**
   * By name, then id.
   * @throws RollcallError BAD_USER_INPUT (`first`, `after`, the range)
   */
  async list(
    { from, until, people }: TimesheetFilter,
    { first, after }: PageRequest,
    { days, steps }: TimesheetContents,
  ): Promise<Page<Timesheet>> {
    if (!(first >= 1 && first <= MAX_PAGE)) throw badInput('first', `must be 1 to ${MAX_PAGE}`);
    checkRange(from, until, MAX_DAYS);
    const cursor = after == null ? null : decodeCursor({ list: LIST, isKey: () => true }, after);
    const begin = cursor === null ? null : { sortKey: cursor.key, id: cursor.id };
    // Whole timesheets, also of people who had the office for a part of the range only.
    const order = { filter: people, wholeRange: true, from, until, steps, sumsOnly: !days };
    const reading = await this.reader.open(order);
    const batch = await reading.page(begin, first + 1);
    const rows = batch.map((person) => sheetOf(person, { from, until }, reading.asOf));
    return {
      rows: rows.slice(0, first),
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      cursorOf: ({ sortKey, id }) => encodeCursor(LIST, sortKey, id),
      totalCount: () => countPeople(this.statements, people, { from, until }),
    };
  }
}

function sheetOf(
  { id, sortKey, days, sums }: Pick<PersonDays, 'id' | 'sortKey' | 'days' | 'sums'>,
  { from, until }: Pick<Timesheet, 'from' | 'until'>,
  derivedAt: Date,
): Timesheet {
  const { totals, openIssues } = sums ?? sumsOf(days);
  return { id, sortKey, from, until, days, totals, openIssues, derivedAt };
}

/** Days of one week, as far as they are in the timesheet. */
export interface Week {
  readonly start: LocalDate;
  readonly figures: DayFigures;
}

export function weeksOf(days: readonly DerivedDay[]): Week[] {
  const weeks = new Map<string, DerivedDay[]>();
  for (const day of days) weeks.set(day.weekStart, [...(weeks.get(day.weekStart) ?? []), day]);
  // Where rules with another first day of the week begin, weeks overlap.
  const ordered = [...weeks].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.map(([start, days]) => ({ start, figures: sumFigures(days) }));
}
