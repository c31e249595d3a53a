import { minutesText } from './clock-text';
import { step, timesText } from './draft';
import type { DayStep } from './step';
import { lengthOf } from '../intervals';
import type { WorkingDay } from '../working-day';

/** Breaks that were punched, and breaks that the rules deduct. */
export function breakSteps(day: WorkingDay): DayStep[] {
  const { gaps, deductions } = day;
  const { tiers, deduct } = day.plan.rules.rules.breaks;
  const punched = gaps.map((gap): DayStep => {
    const punches = [gap.before.logout, gap.after.login];
    if (gap.paid) {
      const minutes = lengthOf(gap);
      const text = `Gap from ${timesText(gap, day)} counts as work: it is short.`;
      const rule = 'breaks.paidUpToMinutes';
      return step('BREAK_PAID', { minutes, code: 'PAID_REST', rule, at: gap, punches, text });
    }
    const counts = gap.takenMinutes > 0;
    const text = `Break from ${timesText(gap, day)}${counts ? '' : ', too short to count as a required break'}.`;
    const rule = counts ? '' : 'breaks.minPartMinutes';
    const code = counts ? 'BREAK' : 'BREAK_TOO_SHORT';
    return step('BREAK_PUNCHED', { minutes: gap.breakMinutes, code, rule, at: gap, punches, text });
  });
  const deducted = deductions.map((part): DayStep => {
    const { over = 0, total = 0 } = tiers[part.tier] ?? {};
    const need = `more than ${minutesText(over)} of work need ${minutesText(total)} of break`;
    const code = deduct === 'FULL' ? 'DEDUCTED_FULL' : 'DEDUCTED_TO_THRESHOLD';
    const rule = `breaks.tiers[${part.tier}]`;
    const text = `Automatic break from ${timesText(part, day)}: ${need}.`;
    const values = [
      { name: 'OVER' as const, value: over },
      { name: 'REQUIRED_BREAK' as const, value: total },
    ];
    return step('BREAK_DEDUCTED', { minutes: lengthOf(part), code, values, rule, at: part, text });
  });
  return [...punched, ...deducted];
}
