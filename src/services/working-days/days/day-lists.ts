import { decodeCursor, encodeCursor, MAX_PAGE, type Page, type PageRequest } from '../../../database/paging';
import { isLocalDate, type LocalDate } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import { addDays, checkRange } from '../../dates/dates';
import type { DayReader } from './day-reader';
import type { Position } from './day-reading';
import type { PersonDays } from './derive-batch';
import type { EmployeeDay } from './employee-day';
import { BATCH, type PeopleFilter } from './person-rows';

/** Days of a list or a timesheet at most. */
export const MAX_DAYS = 92;

export interface DayFilter {
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly people: PeopleFilter;
  readonly statuses?: readonly string[] | null;
  readonly flags?: readonly string[] | null;
}

/** A day with its place in the list. */
export interface ListedDay extends EmployeeDay {
  readonly sortKey: string;
}

const LIST = 'workDays';

/** Lists days by date, then by name. They are derived date by date, and reading stops when the page is full. */
export class DayLists {
  constructor(private readonly reader: DayReader) {}

  /**
   * @param steps whether each figure is explained
   * @throws RollcallError BAD_USER_INPUT (`first`, `after`, the range)
   */
  async list(filter: DayFilter, { first, after }: PageRequest, steps: boolean): Promise<Page<ListedDay>> {
    const { from, until } = filter;
    if (!(first >= 1 && first <= MAX_PAGE)) throw badInput('first', `must be 1 to ${MAX_PAGE}`);
    checkRange(from, until, MAX_DAYS);
    const begin = after == null ? null : positionOf(after);
    const found: ListedDay[] = [];
    let longWeeks = false;
    for await (const part of this.days(filter, begin, first + 1)) {
      found.push(...part.days);
      longWeeks ||= part.longWeeks;
      if (found.length > first) break;
    }
    const rows = found.slice(0, first);
    return {
      rows: steps || longWeeks ? await this.complete(rows, filter, steps) : rows,
      hasNextPage: found.length > first,
      hasPreviousPage: after != null,
      cursorOf: ({ day, sortKey, id }) => encodeCursor(LIST, `${day.date} ${sortKey}`, id),
      totalCount: () => this.count(filter),
    };
  }

  private async count(filter: DayFilter): Promise<number> {
    let count = 0;
    for await (const { days } of this.days(filter, null, BATCH)) count += days.length;
    return count;
  }

  /**
   * The days that the filter lets through, in order.
   * @param wanted how many are needed
   */
  private async *days(
    { from, until, people, statuses = null, flags = null }: DayFilter,
    after: (Position & { readonly date: LocalDate }) | null,
    wanted: number,
  ): AsyncGenerator<{ days: ListedDay[]; longWeeks: boolean }> {
    // Without a condition each person is a row; with one, few may be.
    const narrow = statuses !== null || flags !== null;
    const size = narrow ? BATCH : wanted;
    if (after !== null && (after.date < from || after.date > until)) return;
    for (let date = after?.date ?? from; date <= until; date = addDays(date, 1)) {
      const order = { filter: people, from: date, until: date, statuses, flags };
      // Of the days of a page it is told afterwards.
      const withoutWeekLong = flags?.includes('WEEK_LONG') !== true;
      const reading = await this.reader.open({ ...order, withoutWeekLong });
      const begin = date === after?.date ? after : null;
      for await (const batch of reading.batches(begin, size, narrow)) {
        yield { days: listed(batch, reading.asOf), longWeeks: reading.longWeeks };
      }
    }
  }

  /** Steps, and the warnings that the list leaves out. */
  private async complete(
    rows: readonly ListedDay[],
    { people }: DayFilter,
    steps: boolean,
  ): Promise<ListedDay[]> {
    const whole = new Map<string, ListedDay>();
    for (const date of new Set(rows.map(({ day }) => day.date))) {
      const ids = rows.filter(({ day }) => day.date === date).map(({ id }) => id);
      const filter = { ...people, ids };
      const reading = await this.reader.open({ filter, from: date, until: date, steps });
      for await (const batch of reading.batches()) {
        for (const day of listed(batch, reading.asOf)) whole.set(`${day.id} ${date}`, day);
      }
    }
    return rows.map((row) => whole.get(`${row.id} ${row.day.date}`) ?? row);
  }
}

const listed = (batch: readonly PersonDays[], derivedAt: Date): ListedDay[] =>
  batch.flatMap(({ id, sortKey, days }) => days.map((day) => ({ id, sortKey, day, derivedAt })));

/** @throws RollcallError BAD_USER_INPUT (after) */
function positionOf(cursor: string): Position & { date: LocalDate } {
  const isKey = (key: string): boolean => isLocalDate(key.slice(0, 10)) && key[10] === ' ';
  const { key, id } = decodeCursor({ list: LIST, isKey }, cursor);
  return { date: key.slice(0, 10), sortKey: key.slice(11), id };
}
