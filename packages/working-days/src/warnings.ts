import { lengthOf } from './intervals';
import type { WorkingDay } from './working-day';

/** Whether somebody worked too long without a break that counts. A deducted break is none. */
export function workedTooLongOnEnd({ plan, counted }: WorkingDay): boolean {
  const { limits, breaks } = plan.rules.rules;
  const limit = limits.continuousLongMinutes;
  if (limit === null) return false;
  let begun: number | null = null;
  let end = -Infinity;
  for (const { counted: interval } of counted) {
    if (interval === null || lengthOf(interval) === 0) continue;
    const gap = interval.start - end;
    if (begun === null || (gap > 0 && gap >= breaks.minPartMinutes)) begun = interval.start;
    end = Math.max(end, interval.end);
    if (end - begun > limit) return true;
  }
  return false;
}

/**
 * Whether the rest before a working day was too short.
 * @param before the working days before it, in order
 */
export function restedTooShort(day: WorkingDay, before: readonly WorkingDay[]): boolean {
  const limit = day.plan.rules.rules.limits.restShortMinutes;
  const login = day.spans.find((span) => span.login !== null);
  if (limit === null || login === undefined) return false;
  let end = -Infinity;
  for (const { spans } of before) {
    for (const span of spans) {
      const own = span.derivedEnd ?? (span.logout === null ? -Infinity : span.end);
      if (own <= login.start) end = Math.max(end, own);
    }
  }
  return login.start - end < limit;
}

/**
 * Whether the average of the weeks in which somebody worked is too long.
 * @param weeks worked minutes of the weeks of the reference period
 */
export function weeksTooLong(weeks: readonly number[], limit: number): boolean {
  const worked = weeks.filter((minutes) => minutes > 0);
  return worked.length > 0 && worked.reduce((sum, minutes) => sum + minutes, 0) > limit * worked.length;
}
