import type { DerivedDay, PlanSource, WorkDayFlag, WorkDayStatus } from '@rollcall/working-days';
import { DEFAULT_RULES, fingerprintOf } from '@rollcall/working-days';
import { Field, GraphQLISODateTime, ID, ObjectType } from 'type-graphql';
import { LocalDateScalar, type LocalDate } from '../../../entities/local-scalars';
import type { EmployeeDay } from '../../../services/working-days/days/employee-day';
import { WorkRulesVersionView } from '../rules/work-rules-version';
import { PlanSourceEnum, WorkDayFlagEnum, WorkDayStatusEnum } from './day-enums';
import { SPANS_COMPLEXITY, STEPS_COMPLEXITY, WorkDayStep, WorkSpan } from './work-day.types';
import { WorkFigures } from './work-figures';

const dateOf = (instant: number | null): Date | null => (instant === null ? null : new Date(instant));

/** The version that stands for the defaults. */
const DEFAULTS = { ...DEFAULT_RULES, id: 'default', version: 0, from: '1970-01-01' };

@ObjectType({
  description:
    'What an employee worked on a date, and what was planned. Derived from punches, plans and work rules whenever it is read.',
})
export class WorkDay {
  readonly day: DerivedDay;

  constructor(readonly source: EmployeeDay) {
    this.day = source.day;
  }

  @Field(() => ID, { description: 'Unique id: the id of the employee and the date.' })
  get id(): string {
    return `${this.source.id}:${this.day.date}`;
  }

  @Field(() => LocalDateScalar, {
    description: 'The date. A night shift counts on the date on which it begins.',
  })
  get date(): LocalDate {
    return this.day.date;
  }

  @Field(() => String, { description: "IANA time zone of the employee's office on this date." })
  get timeZone(): string {
    return this.day.timeZone;
  }

  @Field(() => PlanSourceEnum, { description: 'Where the plan comes from.' })
  get planSource(): PlanSource {
    return this.day.source;
  }

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Planned start (UTC). Null: no shift.' })
  get plannedStart(): Date | null {
    return dateOf(this.day.plannedStart);
  }

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Planned end (UTC). Null: no shift.' })
  get plannedEnd(): Date | null {
    return dateOf(this.day.plannedEnd);
  }

  @Field(() => WorkDayStatusEnum, { description: 'What kind of day it is, at `derivedAt`.' })
  get status(): WorkDayStatus {
    return this.day.status;
  }

  @Field(() => [WorkDayFlagEnum], { description: 'What stands out.' })
  get flags(): readonly WorkDayFlag[] {
    return this.day.flags;
  }

  @Field(() => WorkFigures, {
    description: 'Figures in minutes. A running span adds nothing until the LOGOUT.',
  })
  get figures(): WorkFigures {
    return WorkFigures.of(this.day.figures);
  }

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'The LOGIN of an employee who is at work now (UTC). Otherwise null.',
  })
  get openSince(): Date | null {
    return dateOf(this.day.openSince);
  }

  @Field(() => [WorkSpan], {
    description: 'Presence, oldest first.',
    complexity: ({ childComplexity }) => SPANS_COMPLEXITY + childComplexity,
  })
  get spans(): WorkSpan[] {
    return this.day.spans.map((span) => new WorkSpan(span));
  }

  @Field(() => [WorkDayStep], {
    description: 'Explains every figure.',
    complexity: ({ childComplexity }) => STEPS_COMPLEXITY + childComplexity,
  })
  get steps(): WorkDayStep[] {
    return this.day.steps.map((step) => new WorkDayStep(step));
  }

  @Field(() => WorkRulesVersionView, {
    description: 'The work rules of this date. Version 0 stands for the defaults: no rules are assigned.',
  })
  get rules(): WorkRulesVersionView {
    return WorkRulesVersionView.ofRules(this.day.rules ?? DEFAULTS);
  }

  @Field(() => String, {
    description: 'SHA-256 of figures, spans and rules, hexadecimal. It changes whenever one of them changes.',
  })
  get fingerprint(): string {
    return fingerprintOf(this.day);
  }

  @Field(() => GraphQLISODateTime, { description: 'The moment for which status and figures hold (UTC).' })
  get derivedAt(): Date {
    return this.source.derivedAt;
  }
}
