import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  Info,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../../context';
import { Employee } from '../../../entities/employee.entity';
import { LocalDateScalar, type LocalDate } from '../../../entities/local-scalars';
import type { Audit } from '../../../services/audit/create-audit';
import type { PeopleFinder } from '../../../services/working-days/days/people-finder';
import {
  weeksOf,
  type Timesheet as Source,
  type Timesheets,
} from '../../../services/working-days/days/timesheets';
import { connectionOf, PageArgs, pageComplexity } from '../../connection';
import { isSelected } from './selected-field';
import { DAYS_OF_MONTH, rangeComplexity } from './range-complexity';
import { WorkDay } from './work-day';
import { WorkFigures } from './work-figures';
import { isoWeekOf } from './iso-week';

@InputType({ description: 'Which people and dates.' })
export class TimesheetFilter {
  @Field(() => LocalDateScalar, { description: 'First date.' })
  from!: LocalDate;

  @Field(() => LocalDateScalar, { description: 'Last date, at most 92 days with the first.' })
  until!: LocalDate;

  @Field(() => ID, { nullable: true, description: 'Only employees who had this office on one of the dates.' })
  officeId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "Only these employees (the company's own ids), at most 200.",
  })
  employeeIds?: string[] | null;
}

@ObjectType({ description: 'Totals of a week.' })
class WorkWeek {
  @Field(() => LocalDateScalar, { description: 'First day of the week, as the work rules say.' })
  start!: LocalDate;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of the week (ISO 8601). Null if weeks do not begin on Monday.',
  })
  isoWeek!: number | null;

  @Field(() => WorkFigures, { description: 'Sums of the days of the week that are in the range.' })
  totals!: WorkFigures;
}

/** What the days of a timesheet cost: those of a month. `rangeComplexity` makes them those that are asked for. */
const DAYS_COMPLEXITY = DAYS_OF_MONTH;
const WEEKS_COMPLEXITY = 5;

@ObjectType({ description: 'The days of an employee over a range of dates.' })
export class Timesheet {
  constructor(readonly source: Source) {}

  @Field(() => LocalDateScalar, { description: 'First date.' })
  get from(): LocalDate {
    return this.source.from;
  }

  @Field(() => LocalDateScalar, { description: 'Last date.' })
  get until(): LocalDate {
    return this.source.until;
  }

  @Field(() => [WorkDay], {
    description: 'One day for each date, in order.',
    complexity: ({ childComplexity }) => DAYS_COMPLEXITY * childComplexity,
  })
  get days(): WorkDay[] {
    const { id, days, derivedAt } = this.source;
    return days.map((day) => new WorkDay({ id, day, derivedAt }));
  }

  @Field(() => [WorkWeek], {
    description: 'Totals by week, in order.',
    complexity: ({ childComplexity }) => WEEKS_COMPLEXITY * childComplexity,
  })
  get weeks(): WorkWeek[] {
    return weeksOf(this.source.days).map(({ start, figures }) => ({
      ...{ start, isoWeek: isoWeekOf(start), totals: WorkFigures.of(figures) },
    }));
  }

  @Field(() => WorkFigures, { description: 'Sums of all days.' })
  get totals(): WorkFigures {
    return WorkFigures.of(this.source.totals);
  }

  @Field(() => Int, {
    description:
      'Number of days that wait for somebody: INCOMPLETE days, and days whose overtime must be decided.',
  })
  get openIssues(): number {
    return this.source.openIssues;
  }

  @Field(() => GraphQLISODateTime, { description: 'The moment for which status and figures hold (UTC).' })
  get derivedAt(): Date {
    return this.source.derivedAt;
  }
}

const Connection = connectionOf('Timesheet', 'timesheets', () => Timesheet);

@Resolver(() => Timesheet)
export class TimesheetResolver {
  constructor(
    private readonly service: Timesheets,
    private readonly people: PeopleFinder,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => Timesheet, {
    description: 'The days of an employee. Errors: BAD_USER_INPUT (until), NOT_FOUND (employeeId).',
    complexity: ({ args, childComplexity }) => 1 + rangeComplexity(args, childComplexity),
  })
  async timesheet(
    @Arg('employeeId', () => String, { description: "The company's own id of the employee." })
    employeeId: string,
    @Arg('from', () => LocalDateScalar, { description: 'First date.' }) from: LocalDate,
    @Arg('until', () => LocalDateScalar, { description: 'Last date, at most 92 days with the first.' })
    until: LocalDate,
    @Info() info: GraphQLResolveInfo,
    @Ctx() { requester }: Context,
  ): Promise<Timesheet> {
    const id = await this.people.find(employeeId);
    const timesheet = await this.service.of(id, from, until, isSelected(info, 'steps'));
    // One request can ask for many people.
    this.noteRead('timesheet', 1, requester);
    return new Timesheet(timesheet);
  }

  @Query(() => Connection, {
    description:
      'Lists timesheets by name: employees who were employed or punched on one of the dates. Errors: BAD_USER_INPUT (`first`, `after`, until, employeeIds; more rows, days and fields than one request may have), NOT_FOUND (employeeIds, officeId).',
    complexity: ({ args, childComplexity }) =>
      pageComplexity({ args, childComplexity: rangeComplexity(args['filter'], childComplexity) }),
  })
  async timesheets(
    @Arg('filter', () => TimesheetFilter, { description: 'Which people and dates.' })
    { from, until, ...filter }: TimesheetFilter,
    @Args(() => PageArgs) request: PageArgs,
    @Info() info: GraphQLResolveInfo,
    @Ctx() { requester }: Context,
  ): Promise<InstanceType<typeof Connection>> {
    const people = await this.people.filter(filter);
    const parts = {
      days: isSelected(info, 'days') || isSelected(info, 'weeks'),
      steps: isSelected(info, 'steps'),
    };
    const page = await this.service.list({ from, until, people }, request, parts);
    this.noteRead('timesheets', page.rows.length, requester);
    const { cursorOf } = page;
    const rows = page.rows.map((row) => new Timesheet(row));
    return new Connection({ ...page, rows, cursorOf: ({ source }) => cursorOf(source) });
  }

  @FieldResolver(() => Employee, { description: 'Whose timesheet it is.' })
  employee(@Root() { source }: Timesheet, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(source.id);
  }
}
