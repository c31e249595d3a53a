import { Field, InputType, Int, ObjectType, type ClassType } from 'type-graphql';
import type { GraphQLScalarType } from 'graphql';
import { LocalTimeScalar } from '../../../entities/local-scalars';
import { RULE_BOUNDS, RULE_LISTS } from '../../../services/working-days/rules/rule-bounds';
import { MinutesOrPlanScalar } from './minutes-or-plan';
import {
  BreakDeductionEnum,
  OpenSpanModeEnum,
  PremiumDayEnum,
  RoundingModeEnum,
  RoundingScopeEnum,
  TimeClassEnum,
} from './rule-enums';

/** A field of rules, in the output and in the input. */
export interface RuleField {
  readonly type: GraphQLScalarType | object | Pair;
  readonly text: string;
  /** Whether null means something, which the text says. */
  readonly nullable?: true;
  readonly list?: true;
  /** Whether an input must have it. */
  readonly required?: true;
}

/** The two types of a group of fields. */
class Pair {
  constructor(
    readonly output: ClassType,
    readonly input: ClassType,
  ) {}
}

/** A number of minutes within its bounds. */
export const minutes = (bound: keyof typeof RULE_BOUNDS, text: string, nullable?: true): RuleField => {
  const [min, max] = RULE_BOUNDS[bound];
  return { type: Int, text: `${text} ${min} to ${max}.`, ...(nullable === true ? { nullable } : {}) };
};

/** Makes the output type and the input type of a group; in the input what is left out stays as it is. */
function pairOf(name: string, description: string, fields: Readonly<Record<string, RuleField>>): Pair {
  const pair = new Pair(class {}, class {});
  ObjectType(name, { description })(pair.output);
  InputType(`${name}Input`, { description })(pair.input);
  addFields(pair, fields);
  return pair;
}

/** Adds the fields to both types. */
export function addFields({ output, input }: Pair, fields: Readonly<Record<string, RuleField>>): void {
  for (const [
    field,
    { type, text: description, nullable = false, list = false, required = false },
  ] of Object.entries(fields)) {
    const of = (kind: 'output' | 'input') => (): object => {
      const one = type instanceof Pair ? type[kind] : type;
      return list ? [one] : one;
    };
    Field(of('output'), { nullable, description })(output.prototype, field);
    Field(of('input'), { nullable: !required, description })(input.prototype, field);
  }
}

export const Rounding = pairOf('Rounding', 'How times are rounded. The effect is a figure of its own.', {
  mode: { type: RoundingModeEnum, text: 'How times are rounded.' },
  stepMinutes: minutes('stepMinutes', 'Step of the local wall clock in minutes.'),
  scope: { type: RoundingScopeEnum, text: 'Which times.' },
});

const BreakTier = pairOf('BreakTier', 'A required break.', {
  over: { ...minutes('over', 'For more than so many minutes of work.'), required: true },
  total: { ...minutes('total', 'Minutes of break in all.'), required: true },
});

export const Breaks = pairOf('BreakRules', 'Breaks: which count, and what is deducted.', {
  tiers: {
    type: BreakTier,
    list: true,
    text: `Required breaks, at most ${RULE_LISTS.tiers}, in ascending order.`,
  },
  deduct: { type: BreakDeductionEnum, text: 'How a break that was not taken is deducted.' },
  minPartMinutes: minutes(
    'minPartMinutes',
    'A shorter break does not count towards the required one. Minutes.',
  ),
  paidUpToMinutes: minutes('paidUpToMinutes', 'A break up to so many minutes is worked.'),
});

const DailyTier = pairOf('DailyTier', 'Overtime of a day.', {
  after: { type: MinutesOrPlanScalar, text: 'Minutes beyond this have the class.', required: true },
  class: { type: TimeClassEnum, text: 'The class.', required: true },
});

const WeeklyTier = pairOf('WeeklyTier', 'Overtime of a week.', {
  after: { ...minutes('weeklyAfter', 'REGULAR minutes beyond this have the class.'), required: true },
  class: { type: TimeClassEnum, text: 'The class.', required: true },
});

export const Overtime = pairOf('OvertimeRules', 'Classes of worked time.', {
  daily: {
    type: DailyTier,
    list: true,
    text: `Classes within a day, at most ${RULE_LISTS.daily}, in ascending order.`,
  },
  weekly: { type: WeeklyTier, nullable: true, text: 'Class of minutes beyond those of a week. Null: none.' },
  restDays: {
    type: TimeClassEnum,
    nullable: true,
    text: 'Class of work on a rest day. Null: as on other days.',
  },
  holidays: {
    type: TimeClassEnum,
    nullable: true,
    text: 'Class of work on a holiday. Null: as on other days.',
  },
  minimumMinutes: minutes('minimumMinutes', 'Fewer minutes beyond the lowest daily tier stay REGULAR.'),
});

export const Premium = pairOf('PremiumRule', 'Minutes within a time of day, on days, or both.', {
  code: { type: String, text: '1 to 32 of A-Z, 0-9 and _. Unique.', required: true },
  from: { type: LocalTimeScalar, nullable: true, text: 'Begin. Null: the whole day.' },
  to: {
    type: LocalTimeScalar,
    nullable: true,
    text: 'End; not after `from`: on the next day. Null: the whole day.',
  },
  on: { type: PremiumDayEnum, list: true, nullable: true, text: 'Only on these days. Null: every day.' },
});

export const OpenSpan = pairOf('OpenSpanRule', 'What becomes of a LOGIN without a LOGOUT.', {
  mode: { type: OpenSpanModeEnum, text: 'What.', required: true },
  minutes: { ...minutes('closeAfterMinutes', 'Null if not CLOSE_AFTER.'), nullable: true },
  at: { type: LocalTimeScalar, nullable: true, text: 'Null if not CLOSE_AT.' },
});

export const Limits = pairOf('WorkLimits', 'Warnings. Null turns one off.', {
  dayLongMinutes: minutes('dayLongMinutes', 'DAY_LONG: more minutes worked on a day.', true),
  restShortMinutes: minutes('restShortMinutes', 'REST_SHORT: fewer minutes between two days of work.', true),
  weekLongMinutes: minutes('weekLongMinutes', 'WEEK_LONG: more minutes a week on average.', true),
  weekLongReferenceWeeks: minutes('weekLongReferenceWeeks', 'Weeks of that average. Null: 1.', true),
  continuousLongMinutes: minutes(
    'continuousLongMinutes',
    'CONTINUOUS_LONG: more minutes without a break.',
    true,
  ),
});
