import type { PlanSource } from '@rollcall/working-days';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import { Holiday } from '../../entities/holiday.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { Shift } from '../../entities/shift.entity';
import type { EmployeeDay } from '../../services/working-days/days/employee-day';
import type { DayPlanService } from '../../services/working-days/plans/day-plan-service';
import type { PlannedDays } from '../../services/working-days/plans/planned-days';
import { IsEmployeeId, IsNested, IsText } from '../validators';
import { PlanSourceEnum } from './days/day-enums';
import { folded } from '../../services/text/folded';

@InputType({ description: 'The plan of one day of an employee.' })
class DayPlanInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => LocalDateScalar, { description: 'The day.' })
  date!: LocalDate;

  @Field(() => ID, { nullable: true, description: 'Id of the shift. Null or omitted: a day off.' })
  shiftId?: string | null;

  @IsText(500)
  @Field(() => String, {
    nullable: true,
    description: 'Why, 1 to 500 characters. Required, but with `reset`.',
  })
  reason?: string | null;
}

@InputType({ description: 'Plans of single days.' })
class SetDayPlansInput {
  @IsNested()
  @Field(() => [DayPlanInput], { description: '1 to 500. All are set, or none.' })
  plans!: DayPlanInput[];

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'true: takes back what was set for these days. The schedule holds again.',
  })
  reset!: boolean;
}

@ObjectType({ description: 'What is planned for an employee on a day.' })
class DayPlan {
  constructor(readonly planned: EmployeeDay) {}

  @Field(() => LocalDateScalar, { description: 'The day.' })
  get date(): LocalDate {
    return this.planned.day.date;
  }

  @Field(() => String, { description: "IANA time zone of the employee's office on this day." })
  get timeZone(): string {
    return this.planned.day.timeZone;
  }

  @Field(() => PlanSourceEnum, { description: 'Where the plan comes from.' })
  get source(): PlanSource {
    return this.planned.day.source;
  }

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Planned start (UTC). Null: a day off.' })
  get start(): Date | null {
    const { plannedStart } = this.planned.day;
    return plannedStart === null ? null : new Date(plannedStart);
  }

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'Planned end (UTC). Null: a day off.' })
  get end(): Date | null {
    const { plannedEnd } = this.planned.day;
    return plannedEnd === null ? null : new Date(plannedEnd);
  }

  @Field(() => Int, { description: 'Planned minutes.' })
  get plannedMinutes(): number {
    return this.planned.day.figures.plannedMinutes;
  }
}

@Resolver(() => DayPlan)
export class DayPlanResolver {
  constructor(
    private readonly service: DayPlanService,
    private readonly days: PlannedDays,
  ) {}

  @Query(() => [DayPlan], {
    description:
      'What is planned, by employee and date. Errors: BAD_USER_INPUT (employeeIds: 1 to 50; until: at most 62 days), NOT_FOUND.',
  })
  async dayPlans(
    @Arg('employeeIds', () => [String], { description: "The company's own ids of 1 to 50 employees." })
    employeeIds: string[],
    @Arg('from', () => LocalDateScalar, { description: 'First day.' }) from: LocalDate,
    @Arg('until', () => LocalDateScalar, { description: 'Last day, at most 62 days from the first.' })
    until: LocalDate,
  ): Promise<DayPlan[]> {
    return (await this.days.of(employeeIds, from, until)).map((day) => new DayPlan(day));
  }

  @Mutation(() => [DayPlan], {
    description:
      'Sets or resets the plans of single days, such as swaps and other days off. Returns them in the order of the input. Errors: BAD_USER_INPUT, NOT_FOUND (employeeId, shiftId), CONFLICT (the shift is archived).',
  })
  async setDayPlans(
    @Arg('input', () => SetDayPlansInput, { description: 'The plans.' }) { plans, reset }: SetDayPlansInput,
    @Ctx() { requester }: Context,
  ): Promise<DayPlan[]> {
    const persons = await this.service.set(plans, reset, requester);
    const days = plans.map(({ employeeId, date }) => ({
      ...{ id: persons.get(folded(employeeId)) as string, date },
    }));
    return (await this.days.on(days)).map((day) => new DayPlan(day));
  }

  @FieldResolver(() => Employee, { description: 'For whom it is.' })
  employee(@Root() { planned }: DayPlan, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(planned.id);
  }

  @FieldResolver(() => Shift, { nullable: true, description: 'The shift. Null: a day off, or no plan.' })
  shift(@Root() { planned: { day } }: DayPlan, @Ctx() { loaders }: Context): Promise<Shift | null> | null {
    return day.shift === null ? null : loaders.shift.load(day.shift.id);
  }

  @FieldResolver(() => Holiday, { nullable: true, description: 'The holiday of the office on this day.' })
  holiday(
    @Root() { planned: { day } }: DayPlan,
    @Ctx() { loaders }: Context,
  ): Promise<Holiday | null> | null {
    return day.holiday === null ? null : loaders.holiday.load(day.holiday.id);
  }
}
