import type { Person, Rules } from '@rollcall/working-days';
import { DEFAULT_RULES, rulesAtInstant } from '@rollcall/working-days';
import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays } from '../../dates/dates';
import { readCalendar } from './calendar-rows';
import { DayReading, type DayOrder } from './day-reading';
import type { DayThreads } from './day-threads';
import { MARGIN_DAYS, MAX_MARGIN_DAYS, readRange } from './margins';
import { SharedCalendar } from './parse-calendar';
import { parsePerson } from './parse-person';
import { readPeople } from './person-rows';

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

const isoDate = (at: Date): LocalDate => at.toISOString().slice(0, 10);
