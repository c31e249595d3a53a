import type { BreakRules, OpenSpanRule, OvertimeRules, PremiumRule, Rules } from '@rollcall/working-days';
import { badInput } from '../../../errors';
import { PREMIUM_CODE_PATTERN, RULE_BOUNDS, RULE_LISTS } from './rule-bounds';

/** @throws RollcallError BAD_USER_INPUT naming the field and its bound */
export function checkRules(rules: Rules): void {
  for (const field of OWN) within(field, rules[field]);
  within('stepMinutes', rules.rounding.stepMinutes);
  checkBreaks(rules.breaks);
  checkOvertime(rules);
  checkPremiums(rules.premiums);
  checkOpenSpan(rules.openSpan);
  for (const [field, value] of Object.entries(rules.limits) as [Bound, number | null][]) {
    if (value !== null) within(field, value);
  }
}

type Bound = keyof typeof RULE_BOUNDS;

const OWN = [
  ...(['repeatMinutes', 'maxSpanMinutes', 'beforeMinutes', 'afterMinutes', 'sessionGapMinutes'] as const),
  ...(['lateGraceMinutes', 'earlyGraceMinutes', 'snapInMinutes', 'snapOutMinutes'] as const),
  'absentAfterMinutes' as const,
];

function within(bound: Bound, value: number, field: string = bound): void {
  const [min, max] = RULE_BOUNDS[bound];
  if (!(value >= min && value <= max)) throw badInput(field, `must be ${min} to ${max}`);
}

function atMost(field: keyof typeof RULE_LISTS, list: readonly unknown[]): void {
  if (list.length > RULE_LISTS[field])
    throw badInput(field, `must have at most ${RULE_LISTS[field]} entries`);
}

const ascends = (numbers: readonly number[]): boolean =>
  numbers.every((number, i) => i === 0 || number > (numbers[i - 1] as number));

function checkBreaks({ tiers, minPartMinutes, paidUpToMinutes }: BreakRules): void {
  atMost('tiers', tiers);
  for (const { over, total } of tiers) {
    within('over', over);
    within('total', total);
  }
  if (!ascends(tiers.map(({ over }) => over))) throw badInput('over', 'must be more than in the tier before');
  if (!ascends(tiers.map(({ total }) => total)))
    throw badInput('total', 'must be more than in the tier before');
  within('minPartMinutes', minPartMinutes);
  within('paidUpToMinutes', paidUpToMinutes);
}

function checkOvertime({ attribution, overtime }: Rules): void {
  const { daily, weekly, minimumMinutes }: OvertimeRules = overtime;
  atMost('daily', daily);
  for (const { after } of daily) {
    if (after !== 'PLAN') within('after', after);
    else if (attribution === 'CALENDAR_DAY') {
      throw badInput('after', 'must be a number of minutes with attribution CALENDAR_DAY');
    }
  }
  const numbers = daily.flatMap(({ after }) => (after === 'PLAN' ? [] : [after]));
  if (!ascends(numbers)) throw badInput('after', 'must be more than in the tier before');
  if (daily.filter(({ after }) => after === 'PLAN').length > 1)
    throw badInput('after', 'PLAN can be used only once');
  if (weekly !== null) within('weeklyAfter', weekly.after, 'after');
  within('minimumMinutes', minimumMinutes);
}

function checkPremiums(premiums: readonly PremiumRule[]): void {
  atMost('premiums', premiums);
  for (const { code, from = null, to = null, on = null } of premiums) {
    if (!PREMIUM_CODE_PATTERN.test(code)) throw badInput('code', 'must be 1 to 32 of A-Z, 0-9 and _');
    if ((from === null) !== (to === null)) throw badInput('to', 'must be given together with from');
    if (from === null && (on === null || on.length === 0))
      throw badInput('on', 'must have a day, unless from and to are given');
    atMost('on', on ?? []);
    if (new Set(on).size < (on ?? []).length) throw badInput('on', 'must not have a day twice');
  }
  if (new Set(premiums.map(({ code }) => code)).size < premiums.length) {
    throw badInput('code', 'must not be given twice');
  }
}

function checkOpenSpan({ mode, minutes = null, at = null }: OpenSpanRule): void {
  if (mode === 'CLOSE_AFTER') {
    if (minutes === null) throw badInput('minutes', 'is required for CLOSE_AFTER');
    within('closeAfterMinutes', minutes, 'minutes');
  } else if (minutes !== null) throw badInput('minutes', 'is for CLOSE_AFTER only');
  if (mode === 'CLOSE_AT' && at === null) throw badInput('at', 'is required for CLOSE_AT');
  if (mode !== 'CLOSE_AT' && at !== null) throw badInput('at', 'is for CLOSE_AT only');
}
