import type { Person, Rules } from '@rollcall/working-days';
import { DEFAULT_RULES, rulesAtInstant } from '@rollcall/working-days';
import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays } from '../../dates/dates';
import { readCalendar } from './calendar-rows';
import { calendarOf, type Batch, type PersonDays } from './derive-batch';
import type { DayThreads } from './day-threads';
import { SharedCalendar } from './parse-calendar';
import { parsePerson } from './parse-person';
import { BATCH, readPeople, type PeopleFilter, type PersonRow } from './person-rows';
import type { GroupTotals, TotalQuery } from './total-batch';

/** Days before and after a range of which plans are read. A night shift and its neighbours are in it. */
const MARGIN_DAYS = 3;
/** Days after a range of which punches are read at first. */
const DAYS_AFTER = 1;
/** The most days that are read for somebody who never stops punching. */
const MAX_MARGIN_DAYS = 400;

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
  /** Leaves out WEEK_LONG, for which months of punches would have to be read. */
  readonly withoutWeekLong?: boolean;
}

/** A person in the order of names. */
export type Position = Pick<PersonRow, 'sortKey' | 'id'>;

/** Reads people in batches and derives their days: always fresh, nothing is stored. */
export class DayReader {
  constructor(
    private readonly statements: Statements,
    private readonly threads: DayThreads,
    private readonly now: () => Date,
  ) {}

  /** A reading: one moment, one calendar. */
  async open(order: DayOrder): Promise<DayReading> {
    const calendar = await readCalendar(this.statements, readRange(order, MAX_MARGIN_DAYS));
    return new DayReading(this.statements, this.threads, { order, calendar, asOf: this.now().getTime() });
  }

  /**
   * The plans of one person around some moments, without punches.
   * @param employeeId row id
   */
  async planOf(employeeId: string, first: Date, last = first): Promise<Person | null> {
    const range = { from: addDays(isoDate(first), -MARGIN_DAYS), until: addDays(isoDate(last), MARGIN_DAYS) };
    // No punches: of a range that ends before it begins.
    const punches = { punchesFrom: range.until, punchesUntil: range.from };
    const order = { after: null, limit: 1, dates: range, filter: { ids: [employeeId] } };
    const [calendar, [row]] = await Promise.all([
      readCalendar(this.statements, range),
      readPeople(this.statements, { ...order, range: { ...range, ...punches } }),
    ]);
    return row === undefined ? null : parsePerson(row.facts, new SharedCalendar(calendar));
  }

  /**
   * The work rules of one person at a moment.
   * @param employeeId row id
   */
  async rulesAt(employeeId: string, at: Date): Promise<Rules> {
    const person = await this.planOf(employeeId, at);
    return person === null ? DEFAULT_RULES : rulesAtInstant(person, at.getTime());
  }
}

/** The days of people, batch by batch. */
export class DayReading {
  constructor(
    private readonly statements: Statements,
    private readonly threads: DayThreads,
    private readonly parts: {
      readonly order: DayOrder;
      readonly calendar: string;
      readonly asOf: number;
    },
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
    return { filter, dates: { from: order.from, until: order.until }, range, after, limit };
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

/** Days around a range of which punches are read. */
interface Margin {
  readonly before: number;
  readonly after: number;
}

const wide = (days: number): Margin => {
  const margin = Math.min(days, MAX_MARGIN_DAYS);
  return { before: margin, after: margin };
};

const isoDate = (at: Date): LocalDate => at.toISOString().slice(0, 10);

/** Dates of plans and facts: a shift of the day before can reach into a range, and a span further back. */
const readRange = ({ from, until }: DayOrder, days: number) => ({
  from: addDays(from, -days),
  until: addDays(until, MARGIN_DAYS),
});

const punchRange = ({ from, until }: DayOrder, lookback: number, { before, after }: Margin) => ({
  from: addDays(from, -lookback - before),
  until: addDays(until, after),
});
