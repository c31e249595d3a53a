import { dailyClasses, regularMinutes, weeklyClasses, type ClassPart } from './classes';
import { weekStartOf } from './dates';
import { datePartsOf, type DatePart } from './date-parts';
import type { DaysOfPerson } from './days-of-person';
import type { PersonCalendar } from './person-calendar';
import { weeksTooLong } from './warnings';

/** Worked minutes of a date, whatever working day they come from. */
export interface WorkedDate {
  readonly parts: readonly DatePart[];
  readonly minutes: number;
  readonly classes: readonly ClassPart[];
}

/** Classes of each date, in order, since the week's limit counts earlier days. */
export function workedDates(
  days: DaysOfPerson,
  calendar: PersonCalendar,
  first: number,
  until: number,
): Map<number, WorkedDate> {
  const parts = new Map<number, DatePart[]>();
  const add = (day: number): void => {
    for (const part of datePartsOf(days.on(day), calendar)) {
      const known = parts.get(part.date);
      if (known === undefined) parts.set(part.date, [part]);
      else known.push(part);
    }
  };
  for (const day of days.withPunches) {
    // Minutes come from other dates only if they are cut by the calendar.
    const outside = day < first || day > until;
    if (outside && calendar.plan(day).rules.rules.attribution !== 'SHIFT') add(day);
  }
  for (let day = first; day <= until; day++) add(day);
  const dates = new Map<number, WorkedDate>();
  /** Regular minutes before the weekly class is taken off. */
  const regular = new Map<number, number>();
  for (let day = first; day <= until; day++) {
    const all = parts.get(day) ?? [];
    const plan = calendar.plan(day);
    const { planned, credits } = days.on(day).expected;
    const expected = credits.reduce((left, { minutes }) => left - minutes, planned);
    const daily = dailyClasses(all, plan, expected);
    regular.set(day, regularMinutes(daily));
    const { weekly } = plan.rules.rules.overtime;
    let before = 0;
    if (weekly !== null) {
      for (let on = weekStartOf(day, plan.rules.weekStart); on < day; on++) before += regular.get(on) ?? 0;
    }
    const minutes = all.reduce((sum, part) => sum + part.minutes, 0);
    dates.set(day, { parts: all, minutes, classes: weeklyClasses(daily, weekly, before) });
  }
  return dates;
}

/** Only of a week's last day. */
export function isWeekLong(
  day: number,
  calendar: PersonCalendar,
  dates: ReadonlyMap<number, WorkedDate>,
): boolean {
  const { rules, weekStart } = calendar.plan(day).rules;
  const { weekLongMinutes, weekLongReferenceWeeks } = rules.limits;
  const start = weekStartOf(day, weekStart);
  if (weekLongMinutes === null || start + 6 !== day) return false;
  const weeks = Array.from({ length: weekLongReferenceWeeks ?? 1 }, (_, back) => {
    let minutes = 0;
    for (let on = start - 7 * back; on < start - 7 * back + 7; on++) minutes += dates.get(on)?.minutes ?? 0;
    return minutes;
  });
  return weeksTooLong(weeks, weekLongMinutes);
}
