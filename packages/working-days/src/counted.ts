import type { DayPlan } from './day-plan';
import { clip, lengthOf, type Interval } from './intervals';
import type { DaySpan } from './open-spans';
import { roundedTo } from './rounding';

/** A time of presence on its way to worked time: trimmed by the plan, then snapped and rounded. */
export interface CountedSpan {
  /** From LOGIN to LOGOUT, or to the derived end. */
  readonly present: Interval;
  /** What is left after the trim; null: nothing of it counts. */
  readonly trimmed: Interval | null;
  /** What is left after snapping and rounding. */
  readonly counted: Interval | null;
  /** Spans of which it is made: one, or with FIRST_TO_LAST all of the day. */
  readonly spans: readonly DaySpan[];
  /** Whether its end is a LOGOUT and not a derived end. */
  readonly punchedEnd: boolean;
}

/** The times of presence of a working day. Rounding can make them overlap: see `withoutOverlaps`. */
export function countedSpans(spans: readonly DaySpan[], plan: DayPlan): CountedSpan[] {
  const present = plan.rules.rules.pairing === 'FIRST_TO_LAST' ? firstToLast(spans) : everyPair(spans);
  // Of the day, whether or not a pair was made of them. If a punch is missing, the others keep their places.
  const firstLogin = spans.find(({ login }) => login !== null);
  const lastLogout = spans.findLast(({ logout }) => logout !== null);
  return present.map(({ present: whole, spans, punchedEnd }) => {
    const trimmed = trim(whole, plan);
    const has = (span: DaySpan | undefined): boolean => span !== undefined && spans.includes(span);
    const edges = { first: has(firstLogin), last: has(lastLogout) };
    const counted = trimmed && roundedTo({ present: whole, trimmed, punchedEnd }, plan, edges);
    return { present: whole, trimmed, counted, spans, punchedEnd };
  });
}

type Counted = ReadonlyMap<number, readonly CountedSpan[]>;

/**
 * Makes sure that no minute counts twice, neither within a working day nor on two of them: a span that rounding, or
 * FIRST_TO_LAST, lets begin before the end of an earlier one begins at that end.
 * @param days the times of presence of all working days
 */
export function withoutOverlaps(days: Counted): Counted {
  if (!overlap(days)) return days;
  const found = new Map<number, CountedSpan[]>();
  for (const day of days.keys()) found.set(day, []);
  const all = [...days].flatMap(([day, spans]) => spans.map((span) => ({ day, span })));
  let last = -Infinity;
  for (const { day, span } of all.sort((a, b) => byBeginning(a.span, b.span))) {
    const before = last;
    last = Math.max(last, span.counted?.end ?? last);
    const cut = span.counted !== null && span.counted.start < before;
    found.get(day)?.push(cut ? { ...span, counted: { start: before, end: last } } : span);
  }
  return found;
}

/** Rare, so that a look at all of them comes first. */
function overlap(days: Counted): boolean {
  let last = -Infinity;
  for (const spans of days.values()) {
    for (const { counted } of spans) {
      if (counted === null) continue;
      if (counted.start < last) return true;
      last = counted.end;
    }
  }
  return false;
}

const byBeginning = (a: CountedSpan, b: CountedSpan): number =>
  a.present.start - b.present.start || (a.spans[0]?.first ?? 0) - (b.spans[0]?.first ?? 0);

type Present = Pick<CountedSpan, 'present' | 'spans' | 'punchedEnd'>;

function everyPair(spans: readonly DaySpan[]): Present[] {
  const all: Present[] = [];
  for (const span of spans) {
    const end = span.derivedEnd ?? (span.logout === null ? null : span.end);
    if (span.login === null || end === null) continue;
    const punchedEnd = span.derivedEnd === null;
    all.push({ present: { start: span.start, end }, spans: [span], punchedEnd });
  }
  return all;
}

/** From the first LOGIN to the last LOGOUT after it, or to a later derived end. */
function firstToLast(spans: readonly DaySpan[]): Present[] {
  const first = spans.find(({ login }) => login !== null);
  if (first === undefined) return [];
  let end = -Infinity;
  let punchedEnd = true;
  for (const span of spans) {
    const own = span.derivedEnd ?? (span.logout === null ? -Infinity : span.end);
    if (own >= first.start && own > end) [end, punchedEnd] = [own, span.derivedEnd === null];
  }
  return end === -Infinity ? [] : [{ present: { start: first.start, end }, spans, punchedEnd }];
}

/** What lies outside the plan is present, not worked, if the rules say so; always what lies outside a frame. */
function trim(present: Interval, plan: DayPlan): Interval | null {
  const { countEarly, countLate } = plan.rules.rules;
  if (plan.times === null || plan.dropped) return present;
  const flexible = plan.shift?.kind === 'FLEXIBLE';
  const start = countEarly && !flexible ? -Infinity : plan.times.start;
  const end = countLate && !flexible ? Infinity : (plan.cutAt ?? plan.times.end);
  if (lengthOf(present) === 0) return present.start >= start && present.start <= end ? present : null;
  return clip(present, { start, end });
}
