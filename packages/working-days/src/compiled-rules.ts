import { timeOf } from './dates';
import { DEFAULT_RULES, type Rules, type RulesVersion, type Weekday } from './rules';

/** A premium with its wall clocks in minutes. */
export interface CompiledPremium {
  readonly code: string;
  /** Minutes since midnight; null: the whole day. `to` is larger than `from`: over 1440 on the next day. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Weekdays, 0 is Monday; null: any date. */
  readonly weekdays: readonly boolean[] | null;
  /** Also on holidays; counts only with `weekdays`. */
  readonly holidays: boolean;
}

/** Rules with their wall clocks in minutes. */
export interface CompiledRules {
  readonly rules: Rules;
  /** Null: the defaults. */
  readonly version: RulesVersion | null;
  readonly dayStart: number;
  /** 0 is Monday. */
  readonly weekStart: number;
  readonly closeAt: number;
  readonly premiums: readonly CompiledPremium[];
}

const WEEKDAYS: readonly Weekday[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
];

const compiled = new WeakMap<Rules, CompiledRules>();

/** @param rules null: the defaults */
export function compile(rules: RulesVersion | null): CompiledRules {
  const key = rules ?? DEFAULT_RULES;
  let answer = compiled.get(key);
  if (answer === undefined) {
    answer = {
      rules: key,
      version: rules,
      dayStart: timeOf(key.dayStartsAt),
      weekStart: WEEKDAYS.indexOf(key.weekStartsOn),
      closeAt: timeOf(key.openSpan.at ?? '00:00'),
      premiums: key.premiums.map(({ code, from = null, to = null, on = null }) => ({
        code,
        window:
          from === null && to === null ? null : windowOf(timeOf(from ?? '00:00'), timeOf(to ?? '00:00')),
        weekdays: on === null || on.length === 0 ? null : WEEKDAYS.map((weekday) => on.includes(weekday)),
        holidays: on?.includes('HOLIDAY') ?? false,
      })),
    };
    compiled.set(key, answer);
  }
  return answer;
}

const windowOf = (from: number, to: number): { from: number; to: number } => ({
  from,
  to: to > from ? to : to + 1440,
});
