import { placeHalfSpan } from './attribution';
import { minuteOf, MINUTES_OF_DAY } from './dates';
import { PersonCalendar } from './person-calendar';
import type { Instant, Person } from './types';

/** A LOGIN that no LOGOUT has followed yet, and the moment of the next punch. */
export interface OpenLogin {
  readonly login: Instant;
  readonly now: Instant;
  /** How old a LOGIN may be that a LOGOUT closes, in minutes, for people without work rules. */
  readonly maxOpenMinutes: number;
}

/**
 * What a punch without a direction is after an open LOGIN. Somebody who forgot to log out yesterday logs in today, and
 * a long shift can end after any number of hours that its rules allow.
 * @param person without punches
 */
export function directionByPlan(
  person: Omit<Person, 'punches'>,
  { login, now, maxOpenMinutes }: OpenLogin,
): 'LOGIN' | 'LOGOUT' {
  const calendar = new PersonCalendar({ ...person, punches: [] });
  const [since, at] = [minuteOf(login), minuteOf(now)];
  const { rules, version } = calendar.plan(calendar.dayAt(since)).rules;
  const day = placeHalfSpan({ id: '', type: 'LOGIN', at: login }, calendar);
  const shift = day === null ? null : calendar.plan(day).times;
  const over = shift !== null && at > shift.end + rules.afterMinutes;
  if (over && startsNear(calendar, at, rules.beforeMinutes, day)) return 'LOGIN';
  // Without work rules to the millisecond, as ever; with them to the minute, as days are derived.
  const open = version === null ? now - login <= maxOpenMinutes * 60_000 : at - since <= rules.maxSpanMinutes;
  return open ? 'LOGOUT' : 'LOGIN';
}

/** Whether another shift than that of a day begins within so many minutes of a moment. */
function startsNear(calendar: PersonCalendar, at: number, within: number, own: number | null): boolean {
  const last = Math.floor((at + within) / MINUTES_OF_DAY) + 1;
  for (let day = Math.floor((at - within) / MINUTES_OF_DAY) - 1; day <= last; day++) {
    const start = day === own ? undefined : calendar.plan(day).times?.start;
    if (start !== undefined && Math.abs(start - at) <= within) return true;
  }
  return false;
}
