import { clip, totalOf, type Interval } from './intervals';
import type { PersonCalendar } from './person-calendar';
import type { WorkingDay } from './working-day';

/** Worked minutes of a working day that count on one date. */
export interface DatePart {
  readonly date: number;
  /** The working day on which they were worked. */
  readonly origin: WorkingDay;
  readonly worked: readonly Interval[];
  readonly minutes: number;
}

/**
 * The dates on which the minutes of a working day count: its own, or with CALENDAR_DAY each date on which they were
 * worked. There is always a part of the day's own date.
 */
export function datePartsOf(origin: WorkingDay, calendar: PersonCalendar): DatePart[] {
  const { plan, worked } = origin;
  const own = plan.day;
  const part = (date: number, worked: readonly Interval[]): DatePart => {
    return { date, origin, worked, minutes: totalOf(worked) };
  };
  if (plan.rules.rules.attribution === 'SHIFT') return [part(own, worked)];
  const byDate = new Map<number, Interval[]>([[own, []]]);
  for (const interval of worked) {
    let day = calendar.dayAt(interval.start, plan.rules.dayStart);
    for (; ; day++) {
      const start = calendar.startOf(day, plan.rules.dayStart);
      const end = calendar.startOf(day + 1, plan.rules.dayStart);
      const piece = clip(interval, { start, end });
      if (piece !== null) byDate.set(day, [...(byDate.get(day) ?? []), piece]);
      if (interval.end <= end) break;
    }
  }
  return [...byDate].map(([date, pieces]) => part(date, pieces));
}
