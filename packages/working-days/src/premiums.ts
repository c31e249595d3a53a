import type { CompiledPremium } from './compiled-rules';
import { timeOf } from './dates';
import type { DatePart } from './date-parts';
import { clip, lengthOf, type Interval } from './intervals';
import type { PersonCalendar } from './person-calendar';
import { weekdayOf } from './dates';
import type { Zone } from './zone';

/** Worked minutes with a premium. */
export interface PremiumPart extends Interval {
  readonly code: string;
  /** Place among the premiums of the rules. */
  readonly premium: number;
}

/** The worked minutes of a part that lie in the windows and on the days of premiums, which may overlap. */
export function premiumParts({ origin, worked }: DatePart, calendar: PersonCalendar): PremiumPart[] {
  const { zone, rules } = origin.plan;
  return rules.premiums.flatMap((premium, i) =>
    worked
      .flatMap((interval) => inPremium(interval, premium, zone, calendar))
      .flatMap((part) => (lengthOf(part) > 0 ? { ...part, code: premium.code, premium: i } : [])),
  );
}

function inPremium(
  interval: Interval,
  { window, weekdays, holidays }: CompiledPremium,
  zone: Zone,
  calendar: PersonCalendar,
): Interval[] {
  const parts: Interval[] = [];
  const last = zone.dayAt(interval.end - 1);
  // A window that crosses midnight begins the day before.
  for (let day = zone.dayAt(interval.start) - 1; day <= last; day++) {
    const open =
      window === null
        ? { start: zone.startOf(day), end: zone.startOf(day + 1) }
        : { start: zone.at(day, window.from), end: endOf(zone, day, window.to) };
    const part = clip(interval, open);
    if (part === null) continue;
    if (weekdays === null) parts.push(part);
    else parts.push(...onDays(part, weekdays, holidays, zone, calendar));
  }
  return parts;
}

const endOf = (zone: Zone, day: number, to: number): number =>
  to < 1440 ? zone.at(day, to) : zone.at(day + 1, to - 1440);

/** The parts of an interval on the weekdays and holidays, by the date of each minute. */
function onDays(
  interval: Interval,
  weekdays: readonly boolean[],
  holidays: boolean,
  zone: Zone,
  calendar: PersonCalendar,
): Interval[] {
  const parts: Interval[] = [];
  const last = zone.dayAt(interval.end - 1);
  for (let day = zone.dayAt(interval.start); day <= last; day++) {
    let start = zone.startOf(day);
    if (weekdays[weekdayOf(day)] !== true) {
      const holiday = holidays ? calendar.holidays(day)[0] : undefined;
      if (holiday === undefined) continue;
      if (holiday.from !== null) start = zone.at(day, timeOf(holiday.from));
    }
    const part = clip(interval, { start, end: zone.startOf(day + 1) });
    if (part !== null) parts.push(part);
  }
  return parts;
}
