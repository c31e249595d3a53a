import { minutesText } from './clock-text';
import { step, timesText } from './draft';
import type { DayStep, StepFigure } from './step';
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
    steps.push(step('PLANNED', { minutes: expected.planned, code: 'PLANNED', rule, at, text }));
  }
  for (const { minutes, holiday } of expected.credits) {
    const [code, rule, why] =
      holiday === null ? ['CREDITED_ABSENCE', '', 'absence'] : ['CREDITED_HOLIDAY', 'holidayPlan', 'holiday'];
    const text = `Credited ${minutesText(minutes)} because of a${why === 'absence' ? 'n' : ''} ${why}.`;
    steps.push(step('CREDITED', { minutes, code, rule, text }));
  }
  return [
    ...steps,
    ...punctuality.late.map((one) => unpunctual('LATE', one, day)),
    ...punctuality.early.map((one) => unpunctual('EARLY_LEAVE', one, day)),
  ];
}

function unpunctual(
  figure: StepFigure,
  { minutes, from, to, punch, window }: Unpunctual,
  day: WorkingDay,
): DayStep {
  const late = figure === 'LATE';
  const [what, rule] = late ? ['Late', 'lateGraceMinutes'] : ['Left early', 'earlyGraceMinutes'];
  const at = { start: from, end: to };
  const part = day.plan.windows.length > 1 ? `, part ${window + 1} of the shift` : '';
  const text = `${what} by ${minutesText(minutes)}: ${timesText(at, day)}${part}.`;
  return step(figure, { minutes, code: late ? 'LATE' : 'LEFT_EARLY', rule, at, punches: [punch], text });
}
