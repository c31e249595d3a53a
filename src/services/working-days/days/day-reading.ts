import { setImmediate } from 'node:timers/promises';
import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays } from '../../dates/dates';
import type { DayThreads } from './day-threads';
import { calendarOf, type Batch, type PersonDays } from './derive-batch';
import {
  DAYS_AFTER,
  MARGIN_DAYS,
  MAX_MARGIN_DAYS,
  punchRange,
  readRange,
  wide,
  type Margin,
} from './margins';
import type { SharedCalendar } from './parse-calendar';
import { BATCH, readPeople, type PeopleFilter, type PersonRow } from './person-rows';
import type { GroupTotals, TotalQuery } from './total-batch';

export interface DayOrder {
  readonly filter: PeopleFilter;
  readonly from: LocalDate;
  /** The last date. */
  readonly until: LocalDate;
  readonly steps?: boolean;
  /** Sums in place of days. */
  readonly sumsOnly?: boolean;
  readonly statuses?: readonly string[] | null;
  readonly flags?: readonly string[] | null;
  /** Also days on which the person had another office than the filter's. */
  readonly wholeRange?: boolean;
  /** Days before and after the range on which a punch makes somebody a person of the list too. */
  readonly peopleAround?: number;
  /** Leaves out WEEK_LONG, for which months of punches would have to be read. */
  readonly withoutWeekLong?: boolean;
}

/** A person in the order of names. */
export type Position = Pick<PersonRow, 'sortKey' | 'id'>;

interface ReadingOptions {
  readonly order: DayOrder;
  readonly calendar: string;
  readonly asOf: number;
}

/** The days of people, batch by batch. */
export class DayReading {
  constructor(
    private readonly statements: Statements,
    private readonly threads: DayThreads,
    private readonly parts: ReadingOptions,
  ) {}

  /** The moment for which figures hold. */
  get asOf(): Date {
    return new Date(this.parts.asOf);
  }

  /**
   * All people in the order of their names, batch by batch.
   * @param after begins after this person
   * @param ahead whether the next batch is read while one is derived: not if one is probably enough
   */
  async *batches(
    after: Position | null = null,
    size = BATCH,
    ahead = true,
  ): AsyncGenerator<readonly PersonDays[]> {
    for await (const people of this.people(after, size, ahead)) yield await this.derive(people);
  }

  /** What `run` makes of everybody's days, batch by batch in the order of names. */
  async *each<T extends Derivation>(run: Run<T>, size: number): AsyncGenerator<readonly T[]> {
    for await (const people of this.people(null, size, true)) yield await this.whole(people, run);
  }

  /** One batch, for lists of which no more is needed. */
  async page(after: Position | null, size: number): Promise<readonly PersonDays[]> {
    return this.derive(await this.read(after, size));
  }

  /** Whether a day can have the flag WEEK_LONG. */
  get longWeeks(): boolean {
    return this.shared().longWeeks;
  }

  /** Sums by week, month or office, batch by batch. */
  async *totals(by: TotalQuery): AsyncGenerator<GroupTotals['groups']> {
    for await (const people of this.people(null, BATCH, true)) {
      const { groups, incomplete } = await this.threads.total(this.batchOf(people, this.margin()), by);
      yield groups;
      if (incomplete.length === 0) continue;
      const margin = wide(MAX_MARGIN_DAYS);
      const batch = this.batchOf(await this.reread(incomplete, margin), margin);
      yield (await this.threads.total(batch, by)).groups;
    }
  }

  private async *people(
    after: Position | null,
    size: number,
    ahead: boolean,
  ): AsyncGenerator<readonly PersonRow[]> {
    let next: Promise<PersonRow[]> | null = this.read(after, size);
    while (next !== null) {
      const people: PersonRow[] = await next;
      const last = people.length < size ? undefined : people.at(-1);
      next = last !== undefined && ahead ? this.read(last, size) : null;
      // A reader that stops early leaves it alone.
      next?.catch(() => undefined);
      // Days are derived without a pause, and a statement is sent only in the next turn of the event loop.
      if (next !== null) await setImmediate();
      if (people.length > 0) yield people;
      if (last !== undefined && !ahead) next = this.read(last, size);
    }
  }

  private derive(people: readonly PersonRow[]): Promise<readonly PersonDays[]> {
    return this.whole(people, (batch) => this.threads.derive(batch));
  }

  /** Runs a batch, and again for people of whom more has to be read. */
  private async whole<T extends Derivation>(
    people: readonly PersonRow[],
    run: Run<T>,
  ): Promise<readonly T[]> {
    const derived = await run(this.batchOf(people, this.margin()));
    const incomplete = derived.filter((person) => person.incomplete).map(({ id }) => id);
    if (incomplete.length === 0) return derived;
    const found = new Map<string, T>();
    // Further and further back, so that one person who never stops does not cost a year of everybody.
    for (let days = MARGIN_DAYS * 4; incomplete.length > 0; days *= 4) {
      const margin = wide(days);
      const batch = this.batchOf(await this.reread(incomplete, margin), margin);
      const again = await run(batch);
      incomplete.length = 0;
      for (const person of again) {
        if (person.incomplete && margin.before < MAX_MARGIN_DAYS) incomplete.push(person.id);
        else found.set(person.id, person);
      }
    }
    return derived.map((person) => found.get(person.id) ?? person);
  }

  private batchOf(people: readonly PersonRow[], margin: Margin): Batch {
    const { order, calendar, asOf } = this.parts;
    const { from, until, filter, steps = false, sumsOnly = false } = order;
    const { statuses = null, flags = null } = order;
    const withoutWeekLong = order.withoutWeekLong ?? false;
    const range = punchRange(order, this.lookback(), margin);
    const last = margin.before >= MAX_MARGIN_DAYS;
    const query = {
      ...{ from, until, asOf, steps, sumsOnly, statuses, flags, withoutWeekLong },
      officeId: order.wholeRange === true ? null : (filter.officeId ?? null),
      loadedFrom: last ? -8.64e15 : Date.parse(`${range.from}T00:00:00Z`),
      loadedUntil: last ? 8.64e15 : Date.parse(`${addDays(range.until, 1)}T00:00:00Z`),
    };
    return { calendar, people, query };
  }

  private read(after: Position | null, limit: number): Promise<PersonRow[]> {
    const { order } = this.parts;
    return readPeople(this.statements, this.orderOf(order.filter, after, limit, this.margin()));
  }

  private reread(ids: readonly string[], margin: Margin): Promise<PersonRow[]> {
    return readPeople(this.statements, this.orderOf({ ids }, null, ids.length, margin));
  }

  private orderOf(filter: PeopleFilter, after: Position | null, limit: number, margin: Margin) {
    const { order } = this.parts;
    const punches = punchRange(order, this.lookback(), margin);
    const { from, until } = readRange(order, this.lookback() + Math.max(margin.before, MARGIN_DAYS));
    const range = { from, until, punchesFrom: punches.from, punchesUntil: punches.until };
    const { peopleAround: around = 0 } = order;
    const dates = { from: addDays(order.from, -around), until: addDays(order.until, around) };
    return { filter, dates, range, after, limit };
  }

  /** Days before the range that some rules have to know. */
  private lookback(): number {
    return this.shared().lookback(this.parts.order);
  }

  /** What is read at first; enough for nearly everybody. */
  private margin(): Margin {
    return { before: this.shared().daysBefore, after: DAYS_AFTER };
  }

  private shared(): SharedCalendar {
    const { calendar, order } = this.parts;
    return calendarOf(calendar, order.withoutWeekLong ?? false);
  }
}

type Derivation = Pick<PersonDays, 'id' | 'incomplete'>;
type Run<T> = (batch: Batch) => Promise<readonly T[]>;
