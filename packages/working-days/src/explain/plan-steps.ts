import { minutesText } from './clock-text';
import { step, timesText } from './draft';
import type { DayStep } from './step';
import type { Unpunctual } from '../punctuality';
import type { WorkingDay } from '../working-day';

/** What was planned, what was credited, and who came late or left early. */
export function planSteps(day: WorkingDay): DayStep[] {
  const { plan, expected, punctuality } = day;
  const steps: DayStep[] = [];
  if (plan.times !== null && plan.shift !== null) {
    const at = { start: plan.times.start, end: plan.times.end };
    const unpaid = plan.shift.kind === 'FIXED' ? plan.shift.breakMinutes : 0;
    const less = unpaid === 0 ? '' : `, less ${minutesText(unpaid)} of break`;
    const text = `Shift from ${timesText(at, day)}${less}.`;
    const rule = plan.rules.rules.expectedOnClockChange === 'NOMINAL' ? 'expectedOnClockChange' : '';
    const values = unpaid === 0 ? [] : [{ name: 'UNPAID_BREAK' as const, value: unpaid }];
    const code = unpaid === 0 ? 'PLANNED' : 'PLANNED_LESS_BREAK';
    steps.push(step('PLANNED', { minutes: expected.planned, code, values, rule, at, text }));
  }
  for (const { minutes, holiday } of expected.credits) {
    const [code, rule, why] =
      holiday === null
        ? (['CREDITED_ABSENCE', '', 'an absence'] as const)
        : (['CREDITED_HOLIDAY', 'holidayPlan', 'a holiday'] as const);
    const text = `Credited ${minutesText(minutes)} because of ${why}.`;
    steps.push(step('CREDITED', { minutes, code, rule, text }));
  }
  return [
    ...steps,
    ...punctuality.late.map((one) => {
      const { draft, several } = unpunctual('Late', one, day);
      const code = several ? 'LATE_FOR_PART' : 'LATE';
      return step('LATE', { ...draft, code, rule: 'lateGraceMinutes' });
    }),
    ...punctuality.early.map((one) => {
      const { draft, several } = unpunctual('Left early', one, day);
      const code = several ? 'LEFT_PART_EARLY' : 'LEFT_EARLY';
      return step('EARLY_LEAVE', { ...draft, code, rule: 'earlyGraceMinutes' });
    }),
  ];
}

/** What lateness and leaving early have in common, and whether the shift has several parts. */
function unpunctual(what: string, { minutes, from, to, punch, window }: Unpunctual, day: WorkingDay) {
  const at = { start: from, end: to };
  const several = day.plan.windows.length > 1;
  const part = several ? `, part ${window + 1} of the shift` : '';
  const text = `${what} by ${minutesText(minutes)}: ${timesText(at, day)}${part}.`;
  const values = several ? [{ name: 'PART' as const, value: window + 1 }] : [];
  return { draft: { minutes, at, values, punches: [punch], text }, several };
}
