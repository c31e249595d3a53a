import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../context';
import { LocalDateScalar, type LocalDate } from '../../../entities/local-scalars';
import { Office } from '../../../entities/office.entity';
import type { Audit } from '../../../services/audit/create-audit';
import type { PeopleFinder } from '../../../services/working-days/days/people-finder';
import { NO_OFFICE, type TotalQuery } from '../../../services/working-days/days/total-batch';
import type { WorkTotal as Source, WorkTotals } from '../../../services/working-days/days/work-totals';
import { TotalsByEnum } from './day-enums';
import { TimesheetFilter } from './timesheet.resolver';
import { WorkFigures } from './work-figures';

@ObjectType({ description: 'Sums of a week, a month or an office.' })
class WorkTotal {
  constructor(
    readonly source: Source,
    readonly by: TotalQuery,
  ) {}

  @Field(() => String, {
    description:
      'WEEK: its first day. MONTH: for example 2026-03. OFFICE: the id of the office, or NONE for employees without one.',
  })
  get key(): string {
    return this.source.key;
  }

  @Field(() => LocalDateScalar, { description: 'First date that is summed.' })
  get from(): LocalDate {
    return this.source.from;
  }

  @Field(() => LocalDateScalar, { description: 'Last date that is summed.' })
  get until(): LocalDate {
    return this.source.until;
  }

  @Field(() => Int, { description: 'Number of employees who were employed or punched in that time.' })
  get employees(): number {
    return this.source.employees;
  }

  @Field(() => WorkFigures, { description: 'The sums.' })
  get totals(): WorkFigures {
    return WorkFigures.of(this.source.figures);
  }
}

/** All people of a company are read for it, however few sums there are: once in an operation, one at a time of a key. */
const COMPLEXITY = 10_001;

@Resolver(() => WorkTotal)
export class WorkTotalsResolver {
  constructor(
    private readonly totals: WorkTotals,
    private readonly people: PeopleFinder,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => [WorkTotal], {
    description:
      'Sums over employees by week, month or office. With `officeId` only days on which they had that office. Errors: BAD_USER_INPUT (until, employeeIds), NOT_FOUND (employeeIds, officeId).',
    complexity: ({ childComplexity }) => COMPLEXITY + childComplexity,
  })
  async workTotals(
    @Arg('filter', () => TimesheetFilter, { description: 'Which people and dates.' })
    { from, until, ...filter }: TimesheetFilter,
    @Arg('by', () => TotalsByEnum, { description: 'What to group by.' }) by: TotalQuery,
    @Ctx() { requester }: Context,
  ): Promise<WorkTotal[]> {
    const people = await this.people.filter(filter);
    const totals = await this.totals.of({ from, until, people }, by);
    this.noteRead('workTotals', totals.length, requester);
    return totals.map((total) => new WorkTotal(total, by));
  }

  @FieldResolver(() => Office, { nullable: true, description: 'Of OFFICE the office. Otherwise null.' })
  office(@Root() { source, by }: WorkTotal, @Ctx() { loaders }: Context): Promise<Office | null> | null {
    return by !== 'OFFICE' || source.key === NO_OFFICE ? null : loaders.office.load(source.key);
  }
}
