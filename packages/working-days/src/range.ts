import { weekStartOf } from './dates';
import type { PersonCalendar } from './person-calendar';

/**
 * The first date that has to be derived so that a range is right: weekly overtime depends on the week's earlier days,
 * long weeks on the reference period.
 */
export function widenedFrom(calendar: PersonCalendar, from: number, until: number): number {
  let first = from;
  // Dates of the first week only: later dates begin their week inside the range.
  const last = Math.min(until, from + 6);
  for (let day = from; day <= last; day++) {
    const { rules, weekStart } = calendar.plan(day).rules;
    if (rules.overtime.weekly !== null) first = Math.min(first, weekStartOf(day, weekStart));
  }
  for (let day = from; day <= until; day++) {
    const { rules, weekStart } = calendar.plan(day).rules;
    const { weekLongMinutes, weekLongReferenceWeeks } = rules.limits;
    if (weekLongMinutes === null || weekStartOf(day, weekStart) + 6 !== day) continue;
    first = Math.min(first, weekStartOf(day, weekStart) - 7 * ((weekLongReferenceWeeks ?? 1) - 1));
  }
  return first;
}
