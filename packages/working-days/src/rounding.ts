import type { DayPlan } from './day-plan';
import { MINUTES_OF_DAY } from './dates';
import type { Interval } from './intervals';
import type { RoundingMode } from './rules';
import type { Zone } from './zone';

interface Trimmed {
  readonly present: Interval;
  readonly trimmed: Interval;
  /** Whether its end is a LOGOUT and not a derived end. */
  readonly punchedEnd: boolean;
}

/**
 * Snaps the first LOGIN and the last LOGOUT to the planned edges, then rounds by the wall clock. An edge that the trim
 * cut stays, and an edge never passes the other end of its span.
 */
export function roundedTo(
  { present, trimmed, punchedEnd }: Trimmed,
  plan: DayPlan,
  edges: { readonly first: boolean; readonly last: boolean },
): Interval {
  const { rounding, snapInMinutes, snapOutMinutes } = plan.rules.rules;
  const every = rounding.scope === 'EVERY_PUNCH';
  let { start, end } = trimmed;
  if (start === present.start) {
    if (edges.first) start = snapped(start, plan.dropped ? null : (plan.times?.start ?? null), snapInMinutes);
    if (edges.first || every) start = rounded(start, plan.zone, rounding.mode, rounding.stepMinutes);
  }
  if (end === present.end && punchedEnd) {
    if (edges.last) end = snapped(end, plan.dropped ? null : (plan.times?.end ?? null), snapOutMinutes);
    if (edges.last || every) end = rounded(end, plan.zone, rounding.mode, rounding.stepMinutes);
  }
  if (start <= end) return { start, end };
  return start === trimmed.start ? { start, end: start } : { start: end, end };
}

const snapped = (minute: number, edge: number | null, within: number): number =>
  edge !== null && Math.abs(minute - edge) <= within ? edge : minute;

function rounded(minute: number, zone: Zone, mode: RoundingMode, step: number): number {
  if (mode === 'NONE' || step <= 1) return minute;
  const time = ((zone.localOf(minute) % MINUTES_OF_DAY) + MINUTES_OF_DAY) % MINUTES_OF_DAY;
  const over = time % step;
  if (over === 0) return minute;
  // A tie goes upwards at both ends.
  const up = mode === 'UP' || (mode === 'NEAREST' && over * 2 >= step);
  return up ? minute + step - over : minute - over;
}
