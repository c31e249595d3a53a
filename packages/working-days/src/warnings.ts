import type { DaysOfPerson } from './days-of-person';
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

/** The work before a rest is on one of the last days with punches. */
const REST_DAYS = 3;

/** Whether the rest before a working day was too short. */
export function restedTooShort({ plan, spans }: WorkingDay, days: DaysOfPerson): boolean {
  const limit = plan.rules.rules.limits.restShortMinutes;
  const login = spans.find((span) => span.login !== null);
  if (limit === null || login === undefined) return false;
  const { withPunches } = days;
  let end = -Infinity;
  let at = withPunches.indexOf(plan.day);
  for (let back = 0; back < REST_DAYS && at > 0; back++) {
    for (const span of days.spansOn(withPunches[--at] as number)) {
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
