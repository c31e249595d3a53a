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

/** Dates that are derived together at most. */
const LONGEST_WINDOW = 16;

/** Lists days by date, then by name. They are derived window by window, and reading stops when the page is full. */
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

  private async count({ from, until, people, statuses = null, flags = null }: DayFilter): Promise<number> {
    const order = { filter: people, from, until, statuses, flags };
    const withoutWeekLong = flags?.includes('WEEK_LONG') !== true;
    let count = 0;
    for (const dates of windows(from, until, LONGEST_WINDOW, LONGEST_WINDOW)) {
      const reading = await this.reader.open({ ...order, ...dates, withoutWeekLong });
      for await (const batch of reading.batches()) count += listed(batch, reading.asOf).length;
    }
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
    // Without a condition each person is a row; with one, few may be, and dates are looked through together.
    const narrow = statuses !== null || flags !== null;
    const size = narrow ? BATCH : wanted;
    if (after !== null && (after.date < from || after.date > until)) return;
    for (const dates of windows(after?.date ?? from, until, 1, narrow ? LONGEST_WINDOW : 1)) {
      const order = { filter: people, ...dates, statuses, flags };
      // Of the days of a page it is told afterwards.
      const withoutWeekLong = flags?.includes('WEEK_LONG') !== true;
      const reading = await this.reader.open({ ...order, withoutWeekLong });
      const { longWeeks } = reading;
      const begin = dates.from === after?.date ? after : null;
      const byDate = new Map<LocalDate, ListedDay[]>();
      for await (const batch of reading.batches(begin, size, narrow)) {
        const found = listed(batch, reading.asOf);
        if (dates.from === dates.until) yield { days: found, longWeeks };
        else for (const row of found) keep(byDate, row, wanted);
      }
      for (const [, days] of [...byDate].sort(([a], [b]) => (a < b ? -1 : 1))) yield { days, longWeeks };
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

/** Without days before and after employment, unless somebody punched. */
const listed = (batch: readonly PersonDays[], derivedAt: Date): ListedDay[] =>
  batch.flatMap(({ id, sortKey, days }) =>
    days
      .filter(({ status, spans }) => status !== 'NOT_EMPLOYED' || spans.length > 0)
      .map((day) => ({ id, sortKey, day, derivedAt })),
  );

/** Cuts a range into windows, each twice as long as the one before: if few days are found, more are looked through. */
function* windows(
  from: LocalDate,
  until: LocalDate,
  days: number,
  most: number,
): Generator<{ readonly from: LocalDate; readonly until: LocalDate }> {
  let begin = from;
  for (let length = days; begin <= until; length = Math.min(2 * length, most)) {
    const end = addDays(begin, length - 1);
    yield { from: begin, until: end < until ? end : until };
    begin = addDays(end, 1);
  }
}

/** Keeps a day under its date, no more than a page needs. */
function keep(byDate: Map<LocalDate, ListedDay[]>, row: ListedDay, most: number): void {
  const rows = byDate.get(row.day.date);
  if (rows === undefined) byDate.set(row.day.date, [row]);
  else if (rows.length < most) rows.push(row);
}

/** @throws RollcallError BAD_USER_INPUT (after) */
function positionOf(cursor: string): Position & { date: LocalDate } {
  const isKey = (key: string): boolean => isLocalDate(key.slice(0, 10)) && key[10] === ' ';
  const { key, id } = decodeCursor({ list: LIST, isKey }, cursor);
  return { date: key.slice(0, 10), sortKey: key.slice(11), id };
}
