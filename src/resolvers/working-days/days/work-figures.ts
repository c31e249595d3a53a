import type { DayFigures, TimeClass } from '@rollcall/working-days';
import { Field, Int, ObjectType } from 'type-graphql';
import { TimeClassEnum } from '../rules/rule-enums';

@ObjectType({ description: 'Minutes of one class. Every worked minute has exactly one class.' })
class ClassMinutes {
  @Field(() => TimeClassEnum, { description: 'The class.' })
  class!: TimeClass;

  @Field(() => Int, { description: 'Minutes.' })
  minutes!: number;
}

@ObjectType({ description: 'Minutes with a premium. Premiums can overlap.' })
class PremiumMinutes {
  @Field(() => String, { description: 'Code of the premium in the work rules, for example NIGHT.' })
  code!: string;

  @Field(() => Int, { description: 'Minutes.' })
  minutes!: number;
}

/** Figures as the schema shows them. */
@ObjectType({
  description:
    'Figures in whole minutes. Worked = presence - uncounted + rounding + paid breaks - deducted breaks, unless work rules count minutes by calendar day.',
})
export class WorkFigures {
  @Field(() => Int, { description: 'Time between LOGIN and LOGOUT.' })
  presenceMinutes!: number;

  @Field(() => Int, { description: 'Presence outside the plan that the work rules do not count.' })
  uncountedMinutes!: number;

  @Field(() => Int, { description: 'What rounding added. Negative: what it took off.' })
  roundingMinutes!: number;

  @Field(() => Int, { description: 'Breaks that were punched and are not paid.' })
  breakPunchedMinutes!: number;

  @Field(() => Int, { description: 'Short breaks that count as work.' })
  breakPaidMinutes!: number;

  @Field(() => Int, { description: 'Breaks that the work rules deducted.' })
  breakDeductedMinutes!: number;

  @Field(() => Int, { description: 'Worked time.' })
  workedMinutes!: number;

  @Field(() => Int, { description: 'Planned time, without the break.' })
  plannedMinutes!: number;

  @Field(() => Int, { description: 'Planned time that a holiday or an absence credits.' })
  creditedMinutes!: number;

  @Field(() => Int, { description: 'Planned less credited time.' })
  expectedMinutes!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Worked less expected time. Null on days whose minutes count by calendar day; their weeks and totals have it.',
  })
  balanceMinutes!: number | null;

  @Field(() => Int, { description: 'How late the employee came.' })
  lateMinutes!: number;

  @Field(() => Int, { description: 'How early the employee left.' })
  earlyLeaveMinutes!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Approved overtime. Null: nothing was decided, or the day changed after the decision.',
  })
  overtimeApprovedMinutes!: number | null;

  @Field(() => [ClassMinutes], { description: 'Worked time by class. REGULAR is always there.' })
  classes!: ClassMinutes[];

  @Field(() => [PremiumMinutes], { description: 'Worked time with a premium, by code.' })
  premiums!: PremiumMinutes[];

  static of({ classes, premiums, ...figures }: DayFigures): WorkFigures {
    const found = Object.entries(classes) as [TimeClass, number][];
    return Object.assign(new WorkFigures(), figures, {
      classes: found
        .map(([name, minutes]) => ({ class: name, minutes }))
        .sort((a, b) => ORDER.indexOf(a.class) - ORDER.indexOf(b.class)),
      premiums: Object.entries(premiums)
        .map(([code, minutes]) => ({ code, minutes }))
        .sort((a, b) => (a.code < b.code ? -1 : 1)),
    });
  }
}

const ORDER: readonly TimeClass[] = ['REGULAR', 'OVERTIME_1', 'OVERTIME_2', 'OVERTIME_3'];
