import type { WorkDayFlag, WorkDayStatus } from '@rollcall/working-days';
import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../../context';
import { Absence } from '../../../entities/absence.entity';
import { Attendance } from '../../../entities/attendance.entity';
import { Employee } from '../../../entities/employee.entity';
import { Holiday } from '../../../entities/holiday.entity';
import { LocalDateScalar, type LocalDate } from '../../../entities/local-scalars';
import { Office } from '../../../entities/office.entity';
import { Shift } from '../../../entities/shift.entity';
import type { Audit } from '../../../services/audit/create-audit';
import type { DayLists } from '../../../services/working-days/days/day-lists';
import type { PeopleFinder } from '../../../services/working-days/days/people-finder';
import type { Timesheets } from '../../../services/working-days/days/timesheets';
import { connectionOf, PageArgs, pageComplexity } from '../../connection';
import { IsEmployeeId } from '../../validators';
import { SEARCH_COMPLEXITY } from '../search-complexity';
import { isSelected } from './selected-field';
import { WorkDayFlagEnum, WorkDayStatusEnum } from './day-enums';
import { WorkDay } from './work-day';
import { loadPunches } from './work-day.types';

@InputType({ description: 'Filter for days. A day must meet all conditions.' })
class WorkDayFilter {
  @Field(() => LocalDateScalar, { description: 'First date.' })
  from!: LocalDate;

  @Field(() => LocalDateScalar, { description: 'Last date, at most 92 days with the first.' })
  until!: LocalDate;

  @Field(() => ID, { nullable: true, description: 'Only days on which the employee had this office.' })
  officeId?: string | null;

  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => [WorkDayStatusEnum], { nullable: true, description: 'Only with one of these statuses.' })
  status?: WorkDayStatus[] | null;

  @Field(() => [WorkDayFlagEnum], { nullable: true, description: 'Only with at least one of these flags.' })
  flags?: WorkDayFlag[] | null;
}

const Connection = connectionOf('WorkDay', 'days', () => WorkDay);

const isSearch = ({ filter }: { readonly filter?: WorkDayFilter }): boolean =>
  filter?.status != null || filter?.flags != null;

@Resolver(() => WorkDay)
export class WorkDayResolver {
  constructor(
    private readonly timesheets: Timesheets,
    private readonly lists: DayLists,
    private readonly people: PeopleFinder,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => WorkDay, {
    description: 'One day of an employee. Errors: BAD_USER_INPUT (date), NOT_FOUND (employeeId).',
  })
  async workDay(
    @Arg('employeeId', () => String, { description: "The company's own id of the employee." })
    employeeId: string,
    @Arg('date', () => LocalDateScalar, { description: 'The date.' }) date: LocalDate,
    @Info() info: GraphQLResolveInfo,
    @Ctx() { requester }: Context,
  ): Promise<WorkDay> {
    const id = await this.people.find(employeeId);
    const day = await this.timesheets.day(id, date, isSelected(info, 'steps'));
    // One request can ask for many people.
    this.noteRead('workDay', 1, requester);
    return new WorkDay(day);
  }

  @Query(() => Connection, {
    description:
      'Lists days by date, then by name: who is late, absent or incomplete today. Errors: BAD_USER_INPUT (`first`, `after`, until), NOT_FOUND (employeeId, officeId).',
    complexity: (options) => (isSearch(options.args) ? SEARCH_COMPLEXITY : 0) + pageComplexity(options),
  })
  async workDays(
    @Arg('filter', () => WorkDayFilter, { description: 'Which days.' })
    { from, until, officeId, employeeId, status, flags }: WorkDayFilter,
    @Args(() => PageArgs) request: PageArgs,
    @Info() info: GraphQLResolveInfo,
    @Ctx() { requester }: Context,
  ): Promise<InstanceType<typeof Connection>> {
    const people = await this.people.filter({
      officeId,
      employeeIds: employeeId == null ? null : [employeeId],
    });
    const filter = { from, until, people, statuses: status ?? null, flags: flags ?? null };
    const page = await this.lists.list(filter, request, isSelected(info, 'steps'));
    this.noteRead('workDays', page.rows.length, requester);
    const rows = new Map(page.rows.map((row) => [row, new WorkDay(row)]));
    const listed = new Map([...rows].map(([row, day]) => [day, row]));
    return new Connection({
      ...page,
      rows: [...rows.values()],
      cursorOf: (day) => page.cursorOf(listed.get(day) as (typeof page.rows)[number]),
    });
  }

  @FieldResolver(() => Employee, { description: 'Whose day it is.' })
  employee(@Root() { source }: WorkDay, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(source.id);
  }

  @FieldResolver(() => Office, {
    nullable: true,
    description: 'The office on this date. Null: none, or it was deleted.',
  })
  office(@Root() { day }: WorkDay, @Ctx() { loaders }: Context): Promise<Office | null> | null {
    return day.office === null ? null : loaders.office.load(day.office.id);
  }

  @FieldResolver(() => Shift, {
    nullable: true,
    description: 'The shift of this date. Null: none is planned.',
  })
  shift(@Root() { day }: WorkDay, @Ctx() { loaders }: Context): Promise<Shift | null> | null {
    return day.shift === null ? null : loaders.shift.load(day.shift.id);
  }

  @FieldResolver(() => [Attendance], { description: 'Repeated punches that do not count.' })
  ignoredPunches(@Root() { day }: WorkDay, @Ctx() context: Context): Promise<Attendance[]> {
    return loadPunches(context, day.ignoredPunches);
  }

  @FieldResolver(() => Holiday, { nullable: true, description: 'The holiday of the office on this date.' })
  holiday(@Root() { day }: WorkDay, @Ctx() { loaders }: Context): Promise<Holiday | null> | null {
    return day.holiday === null ? null : loaders.holiday.load(day.holiday.id);
  }

  @FieldResolver(() => [Absence], { description: 'Absences that include this date.' })
  async absences(@Root() { day }: WorkDay, @Ctx() { loaders }: Context): Promise<Absence[]> {
    const found = await loaders.absence.loadMany(day.absences.map(({ id }) => id));
    return found.filter((absence): absence is Absence => absence instanceof Absence);
  }
}
