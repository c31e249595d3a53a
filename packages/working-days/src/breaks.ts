import type { CountedSpan } from './counted';
import type { DayPlan } from './day-plan';
import { sharedWith, type Interval } from './intervals';
import type { Span } from './spans';

/** A time between two times of presence. */
export interface Gap extends Interval {
  /** It is worked. */
  readonly paid: boolean;
  /** Minutes that are a break: the gap less what lies in a planned pause. */
  readonly breakMinutes: number;
  /** Minutes that count towards the required break. */
  readonly takenMinutes: number;
  /** The punches around it. */
  readonly before: Span;
  readonly after: Span;
}

/** The gaps of a working day that are breaks or paid rests. A gap with a punch in it, or too long a one, is neither. */
export function gapsOf(counted: readonly CountedSpan[], plan: DayPlan): Gap[] {
  const { breaks, sessionGapMinutes } = plan.rules.rules;
  const gaps: Gap[] = [];
  let last: CountedSpan | null = null;
  for (const next of counted) {
    if (next.counted === null) continue;
    const previous: CountedSpan | null = last;
    last = next;
    if (previous?.counted == null) continue;
    const [before, after] = [previous.spans.at(-1) as Span, next.spans[0] as Span];
    const [start, end] = [previous.counted.end, next.counted.start];
    const length = end - start;
    if (after.first !== before.last + 1 || length <= 0 || length > sessionGapMinutes) continue;
    const paid = length <= breaks.paidUpToMinutes;
    const breakMinutes = paid ? 0 : length - sharedWith({ start, end }, pausesOf(plan));
    const takenMinutes = paid || length < breaks.minPartMinutes ? 0 : length;
    gaps.push({ start, end, paid, breakMinutes, takenMinutes, before, after });
  }
  return gaps;
}

/** What lies between the segments of a split shift. */
const pausesOf = ({ shift, times }: DayPlan): readonly Interval[] =>
  shift?.kind !== 'FIXED' || times === null || times.segments.length < 2
    ? NO_PAUSES
    : times.segments.slice(1).map(({ start }, i) => ({ start: times.segments[i]?.end ?? start, end: start }));

const NO_PAUSES: readonly Interval[] = [];
