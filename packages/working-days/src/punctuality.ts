import type { DayPlan } from './day-plan';
import { overlapOf, type Interval } from './intervals';
import { isOpen, type DaySpan } from './open-spans';
import type { KeptPunch } from './kept-punches';

/** Minutes late or early in one segment or core window, after absences are taken off. */
export interface Unpunctual {
  readonly minutes: number;
  readonly window: number;
  readonly from: number;
  readonly to: number;
  readonly punch: KeptPunch;
}

export interface Punctuality {
  readonly late: readonly Unpunctual[];
  readonly early: readonly Unpunctual[];
}

/**
 * Who came late or left early, by raw punches. Partial absences first excuse leaving early, then coming late.
 * @param asOf the minute at which the question is asked: nobody has left early before the end
 */
export function punctualityOf(plan: DayPlan, spans: readonly DaySpan[], asOf: number): Punctuality {
  if (plan.windows.length === 0 || plan.onLeave || spans.length === 0) return { late: [], early: [] };
  const { lateGraceMinutes, earlyGraceMinutes } = plan.rules.rules;
  let excused = plan.absences.reduce((sum, { minutesPerDay }) => sum + (minutesPerDay ?? 0), 0);
  const after = (found: readonly Unpunctual[], grace: number): Unpunctual[] =>
    found.flatMap((one) => {
      const taken = Math.min(excused, one.minutes);
      excused -= taken;
      const minutes = one.minutes - taken;
      return minutes > grace ? { ...one, minutes } : [];
    });
  const inWindows = plan.windows.map((window, i) => within(plan.windows, i, window, spans));
  const early = after(
    inWindows.flatMap((inside, i) => leftEarly(plan.windows[i] as Interval, i, inside, spans, asOf)),
    earlyGraceMinutes,
  );
  const late = after(
    inWindows.flatMap((inside, i) => cameLate(plan.windows[i] as Interval, i, inside, spans)),
    lateGraceMinutes,
  );
  return { late, early };
}

/** The spans in a window: those that overlap it, and an open LOGIN before its end that no earlier window holds. */
function within(
  windows: readonly Interval[],
  at: number,
  window: Interval,
  spans: readonly DaySpan[],
): DaySpan[] {
  const earlier = windows[at - 1]?.end ?? -Infinity;
  return spans.filter((span) => {
    if (isOpen(span)) return span.start < window.end && span.start >= earlier;
    return span.login !== null && overlapOf(span, window) > 0;
  });
}

function cameLate(
  window: Interval,
  at: number,
  inside: readonly DaySpan[],
  spans: readonly DaySpan[],
): Unpunctual[] {
  const first = inside[0];
  const minutes = first === undefined ? 0 : first.start - window.start;
  if (!first?.login || minutes <= 0) return [];
  // Somebody who left before was there before, though nobody knows since when.
  const left = spans.some(
    ({ login, start }) => login === null && start >= window.start && start <= first.start,
  );
  return left ? [] : [{ minutes, window: at, from: window.start, to: first.start, punch: first.login }];
}

function leftEarly(
  window: Interval,
  at: number,
  inside: readonly DaySpan[],
  spans: readonly DaySpan[],
  asOf: number,
): Unpunctual[] {
  const last = inside.findLast(({ logout }) => logout !== null);
  const minutes = last === undefined ? 0 : window.end - last.end;
  if (!last?.logout || minutes <= 0 || asOf < window.end) return [];
  if (spans.some((span) => isOpen(span) && span.start >= last.end)) return [];
  return [{ minutes, window: at, from: last.end, to: window.end, punch: last.logout }];
}
