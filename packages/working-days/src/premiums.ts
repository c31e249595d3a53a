import type { CompiledPremium } from './compiled-rules';
import { timeOf } from './dates';
import type { DatePart } from './date-parts';
import { clip, type Interval } from './intervals';
import type { PersonCalendar } from './person-calendar';
import { weekdayOf } from './dates';
import type { Zone } from './zone';

/** Worked minutes with a premium. */
export interface PremiumPart extends Interval {
  readonly code: string;
  /** Place among the premiums of the rules. */
  readonly premium: number;
}

/** The worked minutes of a date that lie in the windows and on the days of premiums, which may overlap. */
export function premiumParts(parts: readonly DatePart[], calendar: PersonCalendar): PremiumPart[] {
  const found: PremiumPart[] = [];
  for (const { origin, worked } of parts) {
    const { zone, rules } = origin.plan;
    rules.premiums.forEach((premium, i) => {
      const add = ({ start, end }: Interval): void => {
        found.push({ start, end, code: premium.code, premium: i });
      };
      for (const interval of worked) eachInPremium(interval, premium, { zone, calendar }, add);
    });
  }
  return found;
}

interface Place {
  readonly zone: Zone;
  readonly calendar: PersonCalendar;
}

function eachInPremium(
  interval: Interval,
  { window, weekdays, holidays }: CompiledPremium,
  place: Place,
  add: (part: Interval) => void,
): void {
  if (interval.start >= interval.end) return;
  if (window === null) {
    eachOnDays(interval, { weekdays, holidays }, place, add);
    return;
  }
  const { zone } = place;
  const last = zone.dayAt(interval.end - 1);
  // A window that crosses midnight begins the day before.
  for (let day = zone.dayAt(interval.start) - 1; day <= last; day++) {
    const part = clip(interval, { start: zone.at(day, window.from), end: endOf(zone, day, window.to) });
    if (part === null) continue;
    if (weekdays === null) add(part);
    else eachOnDays(part, { weekdays, holidays }, place, add);
  }
}

const endOf = (zone: Zone, day: number, to: number): number =>
  to < 1440 ? zone.at(day, to) : zone.at(day + 1, to - 1440);

/** The parts of an interval on the weekdays and holidays, by the date of each minute. */
function eachOnDays(
  interval: Interval,
  { weekdays, holidays }: Pick<CompiledPremium, 'weekdays' | 'holidays'>,
  { zone, calendar }: Place,
  add: (part: Interval) => void,
): void {
  const last = zone.dayAt(interval.end - 1);
  for (let day = zone.dayAt(interval.start); day <= last; day++) {
    let start = zone.startOf(day);
    if (weekdays !== null && weekdays[weekdayOf(day)] !== true) {
      const holiday = holidays ? calendar.holidays(day)[0] : undefined;
      if (holiday === undefined) continue;
      if (holiday.from !== null) start = zone.at(day, timeOf(holiday.from));
    }
    const part = clip(interval, { start, end: zone.startOf(day + 1) });
    if (part !== null) add(part);
  }
}
