import type { DatePart } from './date-parts';
import type { DayPlan } from './day-plan';
import type { OvertimeRules, TimeClass } from './rules';

/** Minutes of a class, and the rule that gave it. */
export interface ClassPart {
  readonly class: TimeClass;
  readonly minutes: number;
  /** E.g. `overtime.daily[0]`; empty for REGULAR. */
  readonly rule: string;
}

/**
 * Shares out the worked minutes of a date, each minute once.
 * @param parts all parts of the date
 * @param plan of the date, whose rules hold
 * @param expected planned less credited minutes of the date
 */
export function dailyClasses(parts: readonly DatePart[], plan: DayPlan, expected: number): ClassPart[] {
  const { overtime } = plan.rules.rules;
  const classes: ClassPart[] = [];
  let open = 0;
  for (const { origin, minutes } of parts) {
    if (minutes === 0) continue;
    if (plan.holiday !== null && overtime.holidays !== null) {
      classes.push({ class: overtime.holidays, minutes, rule: 'overtime.holidays' });
    } else if (isRestDay(origin.plan) && overtime.restDays !== null) {
      classes.push({ class: overtime.restDays, minutes, rule: 'overtime.restDays' });
    } else open += minutes;
  }
  const rest = tiered(open, overtime, isPlanned(plan) ? expected : null);
  return classes.length === 0 ? rest : [...classes, ...rest];
}

/** A day that the plan leaves free. */
export const isRestDay = ({ source, shift }: DayPlan): boolean => source !== 'NONE' && shift === null;

const isPlanned = ({ source }: DayPlan): boolean => source !== 'NONE';

/** @param planned what PLAN stands for; null: such tiers do not hold */
function tiered(
  minutes: number,
  { daily, minimumMinutes }: OvertimeRules,
  planned: number | null,
): ClassPart[] {
  const tiers: { after: number; class: TimeClass; i: number }[] = [];
  daily.forEach((tier, i) => {
    const after = tier.after === 'PLAN' ? planned : tier.after;
    if (after !== null) tiers.push({ after, class: tier.class, i });
  });
  if (tiers.length > 1) tiers.sort((a, b) => a.after - b.after || a.i - b.i);
  const lowest = tiers[0]?.after ?? Infinity;
  const regular: ClassPart = { class: 'REGULAR', minutes, rule: '' };
  if (minutes <= lowest || minutes - lowest < minimumMinutes) return [regular];
  const classes: ClassPart[] = [];
  let top = minutes;
  for (const tier of tiers.reverse()) {
    if (top <= tier.after) continue;
    classes.unshift({ class: tier.class, minutes: top - tier.after, rule: `overtime.daily[${tier.i}]` });
    top = tier.after;
  }
  return top > 0 ? [{ ...regular, minutes: top }, ...classes] : classes;
}

/**
 * Regular minutes beyond the week's limit take the weekly class.
 * @param before regular minutes of the week's earlier days, before the weekly class is taken off
 */
export function weeklyClasses(
  classes: readonly ClassPart[],
  weekly: OvertimeRules['weekly'],
  before: number,
): readonly ClassPart[] {
  if (weekly === null) return classes;
  const regular = regularMinutes(classes);
  const over = Math.min(regular, before + regular - weekly.after);
  if (over <= 0) return classes;
  // From the end of the day: a tier of the day can be REGULAR as well.
  const kept: ClassPart[] = [];
  let left = over;
  for (const part of classes.toReversed()) {
    const taken = part.class === 'REGULAR' ? Math.min(left, part.minutes) : 0;
    left -= taken;
    if (taken < part.minutes) kept.unshift({ ...part, minutes: part.minutes - taken });
  }
  return [...kept, { class: weekly.class, minutes: over, rule: 'overtime.weekly' }];
}

export const regularMinutes = (classes: readonly ClassPart[]): number =>
  classes.reduce((sum, part) => sum + (part.class === 'REGULAR' ? part.minutes : 0), 0);
