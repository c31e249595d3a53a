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
import { sumFigures } from './sum-figures';

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
  readonly days: readonly DerivedDay[];
  readonly derivedAt: Date;
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
   * @throws RollcallError BAD_USER_INPUT (until)
   */
  async of(id: string, from: LocalDate, until: LocalDate): Promise<Timesheet> {
    checkRange(from, until, MAX_DAYS);
    const reading = await this.reader.open({ filter: { ids: [id] }, from, until, steps: true });
    for await (const [person] of reading.batches()) {
      if (person !== undefined) return { ...person, from, until, derivedAt: reading.asOf };
    }
    return { id, sortKey: '', from, until, days: [], derivedAt: reading.asOf };
  }

  /** @param id the employee's row id */
  async day(id: string, date: LocalDate): Promise<EmployeeDay> {
    const { days, derivedAt } = await this.of(id, date, date);
    return { id, day: days[0] as DerivedDay, derivedAt };
  }

  /**
   * By name, then id.
   * @param steps whether each figure is explained
   * @throws RollcallError BAD_USER_INPUT (`first`, `after`, the range)
   */
  async list(
    { from, until, people }: TimesheetFilter,
    { first, after }: PageRequest,
    steps: boolean,
  ): Promise<Page<Timesheet>> {
    if (!(first >= 1 && first <= MAX_PAGE)) throw badInput('first', `must be 1 to ${MAX_PAGE}`);
    checkRange(from, until, MAX_DAYS);
    const cursor = after == null ? null : decodeCursor({ list: LIST, isKey: () => true }, after);
    const begin = cursor === null ? null : { sortKey: cursor.key, id: cursor.id };
    // Whole timesheets, also of people who had the office for a part of the range only.
    const reading = await this.reader.open({ filter: people, wholeRange: true, from, until, steps });
    const rows: Timesheet[] = [];
    for await (const batch of reading.batches(begin, first + 1)) {
      for (const person of batch) rows.push({ ...person, from, until, derivedAt: reading.asOf });
      break;
    }
    return {
      rows: rows.slice(0, first),
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      cursorOf: ({ sortKey, id }) => encodeCursor(LIST, sortKey, id),
      totalCount: () => countPeople(this.statements, people, { from, until }),
    };
  }
}

/** Days of one week, as far as they are in the timesheet. */
export interface Week {
  readonly start: LocalDate;
  readonly figures: DayFigures;
}

export function weeksOf(days: readonly DerivedDay[]): Week[] {
  const weeks = new Map<string, DerivedDay[]>();
  for (const day of days) weeks.set(day.weekStart, [...(weeks.get(day.weekStart) ?? []), day]);
  return [...weeks].map(([start, days]) => ({ start, figures: sumFigures(days) }));
}

/** Days that wait for somebody: a punch is missing, or overtime is not decided. */
export const openIssues = (days: readonly DerivedDay[]): number =>
  days.filter((day) => day.status === 'INCOMPLETE' || isUndecided(day)).length;

function isUndecided({ rules, figures, overtime }: DerivedDay): boolean {
  if (rules?.overtimeApproval !== 'REQUIRED') return false;
  const minutes = Object.entries(figures.classes).some(
    ([name, minutes]) => name !== 'REGULAR' && minutes > 0,
  );
  return minutes && (overtime === null || overtime.stale);
}
