import { dayOf, minuteOf } from './dates';
import { rulesAt } from './kept-punches';
import { PersonCalendar } from './person-calendar';
import { widenedFrom } from './range';
import type { Instant, LocalDate, Person, Punch } from './types';

/** A range of dates, and between which instants punches are loaded for it. */
export interface LoadedRange {
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly loadedFrom: Instant;
  readonly loadedUntil: Instant;
}

/** Some moments, and between which instants punches are loaded for them. */
export interface LoadedMoments {
  readonly first: Instant;
  readonly last: Instant;
  readonly loadedFrom: Instant;
  readonly loadedUntil: Instant;
}

/**
 * Whether the punches given suffice for a range: they reach back and on to a cut, a time without punches so long that
 * nothing before it matters to anything after it.
 * @param calendar of the person
 */
export function isLoaded(
  person: Person,
  range: LoadedRange,
  calendar = new PersonCalendar(person),
): { readonly back: boolean; readonly on: boolean } {
  const until = dayOf(range.until);
  const first = widenedFrom(calendar, dayOf(range.from), until);
  const { beforeMinutes } = calendar.plan(first).rules.rules;
  const begin = calendar.startOf(first) - beforeMinutes;
  const { times, rules } = calendar.plan(until);
  const midnight = calendar.startOf(until + 1, rules.dayStart);
  const finish = times === null ? midnight : Math.max(midnight, times.end + rules.rules.afterMinutes);
  let [back, on] = [false, false];
  eachCut(person.punches, calendar, range, (start, end) => {
    back ||= start < begin;
    on ||= end > finish;
  });
  return { back, on };
}

/**
 * Whether the punches given tell the working days of those that were made from one moment to another. It needs no earlier
 * days of the week, as figures do.
 * @param calendar of the person
 */
export function isLoadedAround(
  person: Person,
  loaded: LoadedMoments,
  calendar = new PersonCalendar(person),
): { readonly back: boolean; readonly on: boolean } {
  const [first, last] = [minuteOf(loaded.first), minuteOf(loaded.last)];
  let [back, on] = [false, false];
  eachCut(person.punches, calendar, loaded, (start, end) => {
    back ||= start < first;
    on ||= end > last;
  });
  return { back, on };
}

/** Calls for each time without punches within what is loaded that ends everything. */
function eachCut(
  punches: readonly Punch[],
  calendar: PersonCalendar,
  { loadedFrom, loadedUntil }: Pick<LoadedMoments, 'loadedFrom' | 'loadedUntil'>,
  found: (start: number, end: number) => void,
): void {
  const sorted = punches.filter(({ voided }) => voided !== true).sort((a, b) => a.at - b.at);
  let start = minuteOf(loadedFrom);
  // Nothing is known of the punch before: it may be a LOGIN.
  let type: Punch['type'] = 'LOGIN';
  for (let i = 0; i <= sorted.length; i++) {
    const next = sorted[i];
    const end = minuteOf(next?.at ?? loadedUntil);
    if (end > start) {
      const { rules } = rulesAt(calendar, start);
      const { sessionGapMinutes, repeatMinutes, maxSpanMinutes, snapInMinutes, snapOutMinutes } = rules;
      // Rounding and snapping can move what is on either side of it towards the other.
      const moved = 2 * rules.rounding.stepMinutes + snapInMinutes + snapOutMinutes;
      const gap = Math.max(sessionGapMinutes, repeatMinutes, type === 'LOGIN' ? maxSpanMinutes : 0, moved);
      if (end - start > gap) found(start, end);
    }
    if (next !== undefined) [start, type] = [end, next.type];
  }
}
