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
  const back = calendar.startOf(first) - beforeMinutes;
  const last = calendar.plan(until);
  const ends = [calendar.startOf(until + 1, last.rules.dayStart)];
  if (last.times !== null) ends.push(last.times.end + last.rules.rules.afterMinutes);
  const cuts = cutsOf(person.punches, calendar, range);
  const on = Math.max(...ends);
  return {
    back: cuts.some(({ start }) => start < back),
    on: cuts.some(({ end }) => end > on),
  };
}

/** Times without punches within what is loaded that end everything. */
function cutsOf(
  punches: readonly Punch[],
  calendar: PersonCalendar,
  { loadedFrom, loadedUntil }: LoadedRange,
): { readonly start: number; readonly end: number }[] {
  const sorted = punches.filter(({ voided }) => voided !== true).sort((a, b) => a.at - b.at);
  const cuts: { start: number; end: number }[] = [];
  let start = minuteOf(loadedFrom);
  // Nothing is known of the punch before: it may be a LOGIN.
  let type: Punch['type'] = 'LOGIN';
  for (const next of [...sorted, null]) {
    const end = minuteOf(next?.at ?? loadedUntil);
    const { rules } = rulesAt(calendar, start);
    const { sessionGapMinutes, repeatMinutes, maxSpanMinutes, snapInMinutes, snapOutMinutes } = rules;
    // Rounding and snapping can move what is on either side of it towards the other.
    const moved = 2 * rules.rounding.stepMinutes + snapInMinutes + snapOutMinutes;
    const gap = Math.max(sessionGapMinutes, repeatMinutes, type === 'LOGIN' ? maxSpanMinutes : 0, moved);
    if (end - start > gap) cuts.push({ start, end });
    if (next !== null) [start, type] = [end, next.type];
  }
  return cuts;
}
