import type { CountedSpan } from './counted';
import type { DayPlan } from './day-plan';
import { lengthOf, overlapOf, type Interval } from './intervals';
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
  const pauses = pausesOf(plan);
  const present = counted.filter(({ counted }) => counted !== null);
  return present.slice(1).flatMap((next, i) => {
    const last = present[i] as CountedSpan;
    const [before, after] = [last.spans.at(-1) as Span, next.spans[0] as Span];
    const gap = { start: (last.counted as Interval).end, end: (next.counted as Interval).start };
    const length = lengthOf(gap);
    if (after.first !== before.last + 1 || length <= 0 || length > sessionGapMinutes) return [];
    const paid = length <= breaks.paidUpToMinutes;
    const paused = pauses.reduce((sum, pause) => sum + overlapOf(gap, pause), 0);
    return {
      ...{ ...gap, paid, before, after },
      breakMinutes: paid ? 0 : length - paused,
      takenMinutes: paid || length < breaks.minPartMinutes ? 0 : length,
    };
  });
}

/** What lies between the segments of a split shift. */
const pausesOf = ({ shift, times }: DayPlan): Interval[] =>
  shift?.kind !== 'FIXED' || times === null
    ? []
    : times.segments.slice(1).map(({ start }, i) => ({ start: times.segments[i]?.end ?? start, end: start }));
