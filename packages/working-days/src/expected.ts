import { timeOf } from './dates';
import type { DayPlan } from './day-plan';
import { clip, totalOf } from './intervals';
import { nominalRanges } from './shift-times';
import type { Absence, Holiday } from './types';

/** Why planned minutes need not be worked. */
interface Credit {
  readonly minutes: number;
  readonly holiday: Holiday | null;
  readonly absence: Absence | null;
}

export interface Expected {
  readonly planned: number;
  readonly credits: readonly Credit[];
}

/** The planned minutes of a day, and those that a holiday or an absence takes off. A holiday goes before leave. */
export function expectedOf(plan: DayPlan): Expected {
  const { times, absences, holiday, halfHoliday, onLeave, rules } = plan;
  if (times === null) return { planned: 0, credits: [] };
  const planned = rules.rules.expectedOnClockChange === 'NOMINAL' ? times.nominal : times.elapsed;
  if (holiday !== null && plan.dropped) {
    return { planned, credits: [{ minutes: planned, holiday, absence: null }] };
  }
  const credits: Credit[] = [];
  let open = planned;
  const credit = (minutes: number, holiday: Holiday | null, absence: Absence | null): void => {
    const taken = Math.min(open, minutes);
    if (taken > 0) credits.push({ minutes: taken, holiday, absence });
    open -= taken;
  };
  if (plan.cutAt !== null) credit(minutesAfter(plan, plan.cutAt), halfHoliday, null);
  const wholeDay = absences.find(({ minutesPerDay }) => minutesPerDay === null);
  if (onLeave && wholeDay !== undefined) credit(open, null, wholeDay);
  else for (const absence of absences) credit(absence.minutesPerDay ?? 0, null, absence);
  return { planned, credits };
}

/** Minutes of the segments after a half-day holiday has begun. */
function minutesAfter({ shift, times, rules, halfHoliday }: DayPlan, cutAt: number): number {
  const nominal = rules.rules.expectedOnClockChange === 'NOMINAL' && shift?.kind === 'FIXED';
  const segments = nominal ? nominalRanges(shift.segments) : (times?.segments ?? []);
  const start = nominal ? timeOf(halfHoliday?.from ?? '00:00') : cutAt;
  return totalOf(segments.flatMap((segment) => clip(segment, { start, end: Infinity }) ?? []));
}
