import { dayOf, minuteOf } from './dates';
import { DaysOfPerson } from './days-of-person';
import type { DerivedDay } from './derived-day';
import { derivedDay } from './derived-day-of';
import { isLoaded, type LoadedRange } from './loading';
import { PersonCalendar } from './person-calendar';
import { premiumParts } from './premiums';
import { widenedFrom } from './range';
import type { Instant, LocalDate, Person } from './types';
import { isWeekLong, workedDates, type WorkedDate } from './worked-dates';

export interface DayQuery {
  readonly from: LocalDate;
  /** The last date. */
  readonly until: LocalDate;
  /** The moment at which the question is asked. */
  readonly asOf: Instant;
  /** Whether to explain each figure. */
  readonly steps?: boolean;
}

/**
 * The working days of one person: a pure function of what is given, without a clock. What must be given of the punches
 * `punchRange` says; more of them does not change the answer.
 * @param calendar of the person
 * @returns one day for each date, in order
 */
export function deriveDays(
  person: Person,
  query: DayQuery,
  calendar = new PersonCalendar(person),
): DerivedDay[] {
  const [from, until] = [dayOf(query.from), dayOf(query.until)];
  const [asOf, steps] = [minuteOf(query.asOf), query.steps ?? false];
  const days = new DaysOfPerson(person, calendar, asOf);
  const first = widenedFrom(calendar, from, until);
  const dates = workedDates(days, calendar, first, until);
  const decisions = new Map(person.overtimeDecisions.map((decision) => [dayOf(decision.date), decision]));
  const answers: DerivedDay[] = [];
  for (let day = from; day <= until; day++) {
    const date = dates.get(day) as WorkedDate;
    const premiums = premiumParts(date.parts, calendar);
    const weekLong = isWeekLong(day, calendar, dates);
    const decision = decisions.get(day) ?? null;
    const context = { calendar, days, asOf, steps, premiums, weekLong, decision };
    answers.push(derivedDay(days.on(day), date, context));
  }
  return answers;
}

/** `deriveDays`, if the punches given are enough, as `isLoaded` says; else null. */
export function deriveLoaded(person: Person, query: DayQuery & LoadedRange): DerivedDay[] | null {
  const calendar = new PersonCalendar(person);
  const { back, on } = isLoaded(person, query, calendar);
  return back && on ? deriveDays(person, query, calendar) : null;
}
