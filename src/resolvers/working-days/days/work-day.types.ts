import type { DayStep, DerivedSpan, SpanAttribution, StepFigure, StepValue } from '@rollcall/working-days';
import { Ctx, Field, FieldResolver, GraphQLISODateTime, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../context';
import { Attendance } from '../../../entities/attendance.entity';
import { SpanAttributionEnum, WorkFigureEnum, WorkStepValueEnum } from './day-enums';

const dateOf = (instant: number | null): Date | null => (instant === null ? null : new Date(instant));

/** What steps and spans cost more than other fields, see the limit of complexity. */
export const SPANS_COMPLEXITY = 5;
export const STEPS_COMPLEXITY = 20;

@ObjectType({ description: 'Time from a LOGIN to its LOGOUT. One of them can be missing.' })
export class WorkSpan {
  constructor(readonly span: DerivedSpan) {}

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'The LOGIN to the minute (UTC). Null if it is missing.',
  })
  get start(): Date | null {
    return dateOf(this.span.start);
  }

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description:
      'The LOGOUT to the minute (UTC), or the end that the work rules set. Null if it is missing or still to come.',
  })
  get end(): Date | null {
    return dateOf(this.span.end);
  }

  @Field(() => Boolean, { description: 'Whether the work rules set the end, because the LOGOUT is missing.' })
  get autoClosed(): boolean {
    return this.span.autoClosed;
  }

  @Field(() => SpanAttributionEnum, { description: 'Why it belongs to this day.' })
  get attributedBy(): SpanAttribution {
    return this.span.attributedBy;
  }
}

@ObjectType({ description: 'A number that the sentence of a step mentions.' })
export class WorkDayStepValue {
  @Field(() => WorkStepValueEnum, { description: 'What it is.' })
  name!: StepValue['name'];

  @Field(() => Int, { description: 'The number.' })
  value!: number;
}

@ObjectType({
  description:
    'One part of a figure. The steps of a figure add up to it; those of CLASS and PREMIUM by `key`. A figure of 0 can have no steps.',
})
export class WorkDayStep {
  constructor(readonly step: DayStep) {}

  @Field(() => WorkFigureEnum, { description: 'The figure.' })
  get figure(): StepFigure {
    return this.step.figure;
  }

  @Field(() => String, {
    nullable: true,
    description: 'CLASS: the class. PREMIUM: the code. Otherwise null.',
  })
  get key(): string | null {
    return this.step.key;
  }

  @Field(() => Int, { description: 'Minutes that it adds. Negative: takes off.' })
  get minutes(): number {
    return this.step.minutes;
  }

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'Begin of the time (UTC). Null: no single time.',
  })
  get from(): Date | null {
    return dateOf(this.step.from);
  }

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'End of the time (UTC). Null: no single time.',
  })
  get to(): Date | null {
    return dateOf(this.step.to);
  }

  @Field(() => String, {
    description:
      'What happened. `figure` and `code` together stand for one sentence, so that clients can translate `text`. Codes are never renamed.',
  })
  get code(): string {
    return this.step.code;
  }

  @Field(() => [WorkDayStepValue], {
    description: 'Numbers that `text` mentions and no other field has, for translations.',
  })
  get values(): readonly WorkDayStepValue[] {
    return this.step.values;
  }

  @Field(() => String, {
    description: 'Field of the work rules that decided, for example `breaks.tiers[0]`. Empty: none.',
  })
  get rule(): string {
    return this.step.rule;
  }

  @Field(() => String, { description: 'One sentence in English, with times by the clocks of the office.' })
  get text(): string {
    return this.step.text;
  }
}

/** Loads punches in their order; those that are gone are left out. */
export async function loadPunches(
  { loaders }: Context,
  ids: readonly (string | null)[],
): Promise<Attendance[]> {
  const found = await loaders.attendance.loadMany(ids.filter((id) => id !== null));
  return found.filter((punch): punch is Attendance => punch instanceof Attendance);
}

@Resolver(() => WorkSpan)
export class WorkSpanResolver {
  @FieldResolver(() => Attendance, { nullable: true, description: 'The LOGIN. Null if it is missing.' })
  async login(@Root() { span }: WorkSpan, @Ctx() context: Context): Promise<Attendance | null> {
    return (await loadPunches(context, [span.login]))[0] ?? null;
  }

  @FieldResolver(() => Attendance, {
    nullable: true,
    description: 'The LOGOUT. Null if it is missing or still to come.',
  })
  async logout(@Root() { span }: WorkSpan, @Ctx() context: Context): Promise<Attendance | null> {
    return (await loadPunches(context, [span.logout]))[0] ?? null;
  }
}

@Resolver(() => WorkDayStep)
export class WorkDayStepResolver {
  @FieldResolver(() => [Attendance], { description: 'The punches that it comes from.' })
  punches(@Root() { step }: WorkDayStep, @Ctx() context: Context): Promise<Attendance[]> {
    return loadPunches(context, step.punches);
  }
}
