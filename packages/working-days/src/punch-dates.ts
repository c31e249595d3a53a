import { placeSpans } from './attribution';
import { dateOf } from './dates';
import { DaysOfPerson } from './days-of-person';
import { keptPunches, type KeptPunch } from './kept-punches';
import { isLoadedAround, type LoadedMoments } from './loading';
import { PersonCalendar } from './person-calendar';
import { spansOf } from './spans';
import { missingOf } from './status';
import type { LocalDate, Person } from './types';

/**
 * The dates of the working days to which punches count, by the ids of the punches. Repeats and voided punches count for
 * none.
 * @returns null if more punches have to be given, as `isLoadedAround` says
 */
export function punchDates(person: Person, loaded: LoadedMoments): Map<string, LocalDate> | null {
  const calendar = new PersonCalendar(person);
  const { back, on } = isLoadedAround(person, loaded, calendar);
  if (!back || !on) return null;
  const dates = new Map<string, LocalDate>();
  // Where a span belongs does not depend on whether it still runs.
  for (const { login, logout, day } of placeSpans(
    spansOf(keptPunches(person.punches, calendar), 0),
    calendar,
  )) {
    for (const kept of [login, logout]) if (kept !== null) dates.set(kept.punch.id, dateOf(day));
  }
  return dates;
}

/**
 * The working day before that of a LOGIN, if its LOGOUT is missing.
 * @param person with punches from before that day
 * @param login id of the punch
 * @returns null if nothing is missing, there is no earlier day, or the LOGIN counts for none
 */
export function missingLogoutBefore(person: Person, login: string): LocalDate | null {
  const calendar = new PersonCalendar(person);
  // Nothing before a punch still runs, at whatever moment.
  const days = new DaysOfPerson(person, calendar, 0);
  const own = days.withPunches.find((day) => days.spansOn(day).some((span) => standsFor(span.login, login)));
  if (own === undefined) return null;
  const before = days.withPunches.findLast((day) => day < own);
  if (before === undefined) return null;
  return missingOf(days.spansOn(before), calendar.plan(before)).logout ? dateOf(before) : null;
}

const standsFor = (kept: KeptPunch | null, id: string): boolean =>
  kept !== null && (kept.punch.id === id || kept.repeats.some((repeat) => repeat.id === id));
