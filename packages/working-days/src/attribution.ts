import { minuteOf } from './dates';
import type { DayPlan } from './day-plan';
import { sharedWith } from './intervals';
import { rulesAt } from './kept-punches';
import type { PersonCalendar } from './person-calendar';
import type { ShiftTimes } from './shift-times';
import type { Span, SpanAttribution } from './spans';
import type { Punch } from './types';

/** A span with its working day. */
export interface PlacedSpan extends Span {
  readonly day: number;
  readonly by: SpanAttribution;
}

interface Place {
  readonly day: number;
  readonly by: SpanAttribution;
}

/** A date with a shift. */
type Planned = DayPlan & { readonly times: ShiftTimes };

const isPlanned = (plan: DayPlan): plan is Planned => plan.times !== null;

/** Gives each span its working day: by the plan, else with its neighbours, else by a window, else by the calendar. */
export function placeSpans(spans: readonly Span[], calendar: PersonCalendar): PlacedSpan[] {
  const byPlan = spans.map((span) => placeByPlan(span, calendar));
  const sessions = sessionsOf(spans);
  const places: Place[] = [];
  spans.forEach((span, i) => {
    const session = sessions[i] as number;
    const own = byPlan[i] ?? null;
    if (own !== null) {
      places.push(own);
      return;
    }
    const neighbour = neighbourOf(i, byPlan, sessions);
    if (neighbour !== null) {
      places.push({ day: neighbour.day, by: 'SESSION' });
      return;
    }
    const window = placeByWindow(span, calendar);
    if (window !== null) {
      places.push(window);
      return;
    }
    const before = sessions[i - 1] === session ? places[i - 1] : undefined;
    places.push(
      before === undefined
        ? { day: calendar.dayAt(span.start, span.rules.dayStart), by: 'CALENDAR' }
        : { day: before.day, by: 'SESSION' },
    );
  });
  return spans.map((span, i) => placedSpan(span, places[i] as Place));
}

/** Without spreads, which cost a tenth of a derivation. */
function placedSpan(span: Span, { day, by }: Place): PlacedSpan {
  const { login, logout, start, end, first, last, running, nextPunch, rules } = span;
  return { login, logout, start, end, first, last, running, nextPunch, rules, day, by };
}

/** The shift whose segments share most with the span; for a half span, the shift inside whose segment it lies. */
function placeByPlan(span: Span, calendar: PersonCalendar): Place | null {
  const half = span.login === null || span.logout === null;
  let best: Place | null = null;
  let most = 0;
  for (const { day, times } of shiftsAround(span, calendar, 0, 0)) {
    if (half) {
      const { start } = span;
      if (!times.segments.some((segment) => segment.start <= start && start <= segment.end)) continue;
      // At a common edge a LOGIN goes to the shift that begins, a LOGOUT to the one that ends.
      if (best === null || span.login !== null) best = { day, by: 'INSIDE_PLAN' };
      continue;
    }
    const shared = sharedWith(span, times.segments);
    if (shared > most) [most, best] = [shared, { day, by: 'OVERLAP' }];
  }
  return best;
}

/** The shift whose window holds the span, the nearest edge first. */
function placeByWindow(span: Span, calendar: PersonCalendar): Place | null {
  const { beforeMinutes, afterMinutes } = span.rules.rules;
  let best: Place | null = null;
  let nearest = Infinity;
  for (const { day, times } of shiftsAround(span, calendar, beforeMinutes, afterMinutes)) {
    if (span.start < times.start - beforeMinutes || span.end > times.end + afterMinutes) continue;
    const edges = [times.start, times.end].flatMap((edge) => [
      Math.abs(edge - span.start),
      Math.abs(edge - span.end),
    ]);
    const distance = Math.min(...edges);
    if (distance < nearest) [nearest, best] = [distance, { day, by: 'WINDOW' }];
  }
  return best;
}

/** Shifts that reach a span, earlier first. A shift ends at most two days after the date on which it begins. */
function shiftsAround(span: Span, calendar: PersonCalendar, before: number, after: number): Planned[] {
  const shifts: Planned[] = [];
  const last = Math.floor((span.end + before) / 1440) + 1;
  for (let day = Math.floor((span.start - after) / 1440) - 3; day <= last; day++) {
    const plan = calendar.plan(day);
    if (!isPlanned(plan)) continue;
    const { start, end } = plan.times;
    if (start - before <= span.end && end + after >= span.start) shifts.push(plan);
  }
  return shifts.length < 2 ? shifts : shifts.sort((a, b) => a.times.start - b.times.start);
}

/** The number of the session of each span: spans with short gaps, begun not too long after its first. */
function sessionsOf(spans: readonly Span[]): number[] {
  const sessions: number[] = [];
  let [number, begun] = [0, -Infinity];
  spans.forEach((span, i) => {
    const { sessionGapMinutes, maxSpanMinutes } = span.rules.rules;
    const gap = span.start - (spans[i - 1]?.end ?? -Infinity);
    if (gap > sessionGapMinutes || span.start - begun > maxSpanMinutes) {
      number++;
      begun = span.start;
    }
    sessions.push(number);
  });
  return sessions;
}

/** The nearest span of the session that the plan placed, the previous first. */
function neighbourOf(
  i: number,
  byPlan: readonly (Place | null)[],
  sessions: readonly number[],
): Place | null {
  for (let at = i - 1; sessions[at] === sessions[i]; at--) {
    const place = byPlan[at];
    if (place) return place;
  }
  for (let at = i + 1; sessions[at] === sessions[i]; at++) {
    const place = byPlan[at];
    if (place) return place;
  }
  return null;
}

/** The working day of a punch that makes no span, e.g. a voided one: as for a half span. */
export function dayOfPunch(punch: Punch, spans: readonly PlacedSpan[], calendar: PersonCalendar): number {
  const half = halfSpanOf(punch, calendar);
  const own = placeByPlan(half, calendar);
  if (own !== null) return own.day;
  const { start: minute, rules } = half;
  let nearest: PlacedSpan | null = null;
  let distance = rules.rules.sessionGapMinutes;
  for (const span of spans) {
    const apart = Math.max(span.start - minute, minute - span.end, 0);
    if (apart <= distance) [nearest, distance] = [span, apart];
  }
  return nearest?.day ?? placeByWindow(half, calendar)?.day ?? calendar.dayAt(minute, rules.dayStart);
}

/** The day whose shift a punch alone belongs to; null: none is near. */
export function placeHalfSpan(punch: Punch, calendar: PersonCalendar): number | null {
  const half = halfSpanOf(punch, calendar);
  return (placeByPlan(half, calendar) ?? placeByWindow(half, calendar))?.day ?? null;
}

function halfSpanOf(punch: Punch, calendar: PersonCalendar): Span {
  const minute = minuteOf(punch.at);
  const rules = rulesAt(calendar, minute);
  const kept = { punch, minute, rules, repeats: [] };
  const [login, logout] = punch.type === 'LOGIN' ? [kept, null] : [null, kept];
  const edges = { start: minute, end: minute, first: -1, last: -1, running: false, nextPunch: null };
  return { ...edges, login, logout, rules };
}
