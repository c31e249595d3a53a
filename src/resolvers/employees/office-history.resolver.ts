import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { Office } from '../../entities/office.entity';
import { SINCE_EVER } from '../../services/dates/dates';

@ObjectType({ description: 'The office of an employee from a date on.' })
class EmployeeOfficePeriod {
  @Field(() => LocalDateScalar, { nullable: true, description: 'First day. Null: since ever.' })
  from!: LocalDate | null;

  @Field(() => Office, { nullable: true, description: 'The office. Null: none, or one that was deleted.' })
  office!: Office | null;
}

@Resolver(() => Employee)
export class OfficeHistoryResolver {
  @FieldResolver(() => [EmployeeOfficePeriod], {
    description:
      'Which office the employee had from which date on, oldest first. It decides the time zone of each day.',
  })
  async officeHistory(
    @Root() { id }: Employee,
    @Ctx() { loaders }: Context,
  ): Promise<EmployeeOfficePeriod[]> {
    const periods = await loaders.employeeOffices.load(id);
    return Promise.all(
      periods.map(async ({ officeId, validFrom }) => ({
        from: validFrom === SINCE_EVER ? null : validFrom,
        office: officeId === null ? null : await loaders.office.load(officeId),
      })),
    );
  }
}
