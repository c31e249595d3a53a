import type { DayFigures } from '../derived-day';
import { breakSteps } from './break-steps';
import { minutesText } from './clock-text';
import { step, timesText } from './draft';
import { planSteps } from './plan-steps';
import { presenceSteps } from './presence-steps';
import type { DayStep, StepCode } from './step';
import { totalOf } from '../intervals';
import type { PremiumPart } from '../premiums';
import type { WorkedDate } from '../worked-dates';
import type { WorkingDay } from '../working-day';

/** Explains each figure of a date. The steps of a figure add up to it; a figure of 0 can have none. */
export function stepsOf(
  day: WorkingDay,
  date: WorkedDate,
  premiums: readonly PremiumPart[],
  figures: DayFigures,
): DayStep[] {
  return [
    ...presenceSteps(day),
    ...breakSteps(day),
    ...workedSteps(day, date, figures),
    ...planSteps(day),
    ...sumSteps(figures),
    ...date.classes
      .filter(({ minutes }) => minutes > 0)
      .map(({ class: key, minutes, rule }) =>
        step('CLASS', {
          ...{ key, minutes, rule },
          code: rule === '' ? 'REGULAR' : 'OVERTIME',
          text: `${minutesText(minutes)} of ${key === 'REGULAR' ? 'regular time' : `class ${key}`}.`,
        }),
      ),
    ...premiums.map((part) =>
      step('PREMIUM', {
        ...{ key: part.code, minutes: part.end - part.start, at: part, code: 'PREMIUM' },
        ...{ rule: `premiums[${part.premium}]`, text: `Premium ${part.code} from ${timesText(part, day)}.` },
      }),
    ),
  ];
}

/** Presence and what the rules make of it; with CALENDAR_DAY also what counts on another date. */
function workedSteps(day: WorkingDay, date: WorkedDate, figures: DayFigures): DayStep[] {
  const signed = [
    ['PRESENCE', figures.presenceMinutes, 'Present'],
    ['UNCOUNTED', -figures.uncountedMinutes, 'Outside the plan'],
    ['ROUNDING', figures.roundingMinutes, 'Rounding'],
    ['BREAK_PAID', figures.breakPaidMinutes, 'Short rests that count as work'],
    ['BREAK_DEDUCTED', -figures.breakDeductedMinutes, 'Automatic break'],
  ] as const;
  const own = date.parts.find(({ origin }) => origin === day)?.minutes ?? 0;
  const moved = own - totalOf(day.worked);
  const steps = signed.map(([code, minutes, what]) => worked(minutes, code, what));
  steps.push(worked(moved, 'ON_OTHER_DATES', 'Worked after the date ended', 'attribution'));
  for (const { origin, minutes } of date.parts) {
    if (origin === day) continue;
    steps.push(worked(minutes, 'CONTINUED', 'Worked in a shift of another date', 'attribution'));
  }
  return steps.flat();
}

function worked(minutes: number, code: StepCode<'WORKED'>, what: string, rule = ''): DayStep[] {
  if (minutes === 0) return [];
  const text = `${what}: ${minutes > 0 ? 'adds' : 'takes off'} ${minutesText(minutes)}.`;
  return [step('WORKED', { minutes, code, rule, text })];
}

function sumSteps(figures: DayFigures): DayStep[] {
  const { plannedMinutes, creditedMinutes, expectedMinutes, workedMinutes } = figures;
  const steps: DayStep[] = [];
  const add = <F extends 'EXPECTED' | 'BALANCE'>(
    figure: F,
    minutes: number,
    code: StepCode<F>,
    text: string,
  ): void => {
    if (minutes !== 0) steps.push(step(figure, { minutes, code, text }));
  };
  add('EXPECTED', plannedMinutes, 'PLANNED', `Planned: ${minutesText(plannedMinutes)}.`);
  add(
    'EXPECTED',
    -creditedMinutes,
    'CREDITED',
    `Credited: ${minutesText(creditedMinutes)} less are expected.`,
  );
  if (figures.balanceMinutes !== null) {
    add('BALANCE', workedMinutes, 'WORKED', `Worked: ${minutesText(workedMinutes)}.`);
    add('BALANCE', -expectedMinutes, 'EXPECTED', `Expected: ${minutesText(expectedMinutes)}.`);
  }
  const approved = figures.overtimeApprovedMinutes;
  if (approved !== null) {
    const text = `Approved overtime: ${minutesText(approved)}.`;
    steps.push(
      step('OVERTIME_APPROVED', { minutes: approved, code: 'APPROVED', rule: 'overtimeApproval', text }),
    );
  }
  return steps;
}
