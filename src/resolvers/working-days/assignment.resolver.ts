import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { Office } from '../../entities/office.entity';
import { ScheduleAssignment } from '../../entities/schedule-assignment.entity';
import { Schedule } from '../../entities/schedule.entity';
import { WorkRules } from '../../entities/work-rules.entity';
import type { AssignmentService } from '../../services/working-days/plans/assignment-service';
import { connectionOf, PageArgs, pageComplexity } from '../connection';
import { IsEmployeeId } from '../validators';

@InputType({ description: 'A schedule and work rules for an employee or an office.' })
class AssignScheduleInput {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: "The company's own id of the employee. Give exactly one of `employeeId` and `officeId`.",
  })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of the office whose default it is.' })
  officeId?: string | null;

  @Field(() => ID, { description: 'Id of the schedule.' })
  scheduleId!: string;

  @Field(() => ID, { description: 'Id of the work rules.' })
  rulesId!: string;

  @Field(() => LocalDateScalar, { description: 'First day.' })
  from!: LocalDate;

  @Field(() => LocalDateScalar, { nullable: true, description: 'Last day. Omit for an open end.' })
  until?: LocalDate | null;
}

@InputType({ description: 'The end of an assignment.' })
class EndAssignmentInput {
  @Field(() => ID, { description: 'Id of the assignment.' })
  id!: string;

  @Field(() => LocalDateScalar, { description: 'Last day, not before the first.' })
  until!: LocalDate;
}

@InputType({ description: 'Filter for assignments. An assignment must meet all conditions.' })
class AssignmentFilter {
  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only defaults of this office.' })
  officeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this schedule.' })
  scheduleId?: string | null;

  @Field(() => LocalDateScalar, { nullable: true, description: 'Only those that hold on this date.' })
  on?: LocalDate | null;
}

const Connection = connectionOf('ScheduleAssignment', 'assignments', () => ScheduleAssignment);

@Resolver(() => ScheduleAssignment)
export class AssignmentResolver {
  constructor(private readonly service: AssignmentService) {}

  @Query(() => Connection, {
    description: 'Lists assignments of schedules by first day. Errors: BAD_USER_INPUT (`first`, `after`).',
    complexity: pageComplexity,
  })
  async scheduleAssignments(
    @Arg('filter', () => AssignmentFilter, { nullable: true, description: 'Omit for all.' })
    filter: AssignmentFilter | null,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<InstanceType<typeof Connection>> {
    return new Connection(await this.service.list(filter ?? {}, page));
  }

  @Mutation(() => ScheduleAssignment, {
    description:
      'Assigns a schedule and work rules from a date on. An open assignment that began earlier ends the day before. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason OVERLAP; or the schedule is archived).',
  })
  assignSchedule(
    @Arg('input', () => AssignScheduleInput, { description: 'The assignment.' }) input: AssignScheduleInput,
    @Ctx() { requester }: Context,
  ): Promise<ScheduleAssignment> {
    return this.service.assign(input, requester);
  }

  @Mutation(() => ScheduleAssignment, {
    description:
      'Sets the last day of an assignment. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (reason OVERLAP).',
  })
  endAssignment(
    @Arg('input', () => EndAssignmentInput, { description: 'The end.' }) input: EndAssignmentInput,
    @Ctx() { requester }: Context,
  ): Promise<ScheduleAssignment> {
    return this.service.end(input, requester);
  }

  @FieldResolver(() => Employee, {
    nullable: true,
    description: "The employee. Null: it is an office's default.",
  })
  employee(
    @Root() { employeeId }: ScheduleAssignment,
    @Ctx() { loaders }: Context,
  ): Promise<Employee | null> | null {
    return employeeId === null ? null : loaders.employee.load(employeeId);
  }

  @FieldResolver(() => Office, {
    nullable: true,
    description: "The office. Null: it is an employee's own, or the office was deleted.",
  })
  office(
    @Root() { officeId }: ScheduleAssignment,
    @Ctx() { loaders }: Context,
  ): Promise<Office | null> | null {
    return officeId === null ? null : loaders.office.load(officeId);
  }

  @FieldResolver(() => Schedule, { description: 'The schedule.' })
  schedule(
    @Root() { scheduleId }: ScheduleAssignment,
    @Ctx() { loaders }: Context,
  ): Promise<Schedule | null> {
    return loaders.schedule.load(scheduleId);
  }

  @FieldResolver(() => WorkRules, { description: 'The work rules.' })
  rules(@Root() { rulesId }: ScheduleAssignment, @Ctx() { loaders }: Context): Promise<WorkRules | null> {
    return loaders.workRules.load(rulesId);
  }
}
