import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../../context';
import { Attendance } from '../../../entities/attendance.entity';
import { Employee } from '../../../entities/employee.entity';
import { Office } from '../../../entities/office.entity';
import { RollcallError } from '../../../errors';
import type { Audit } from '../../../services/audit/create-audit';
import type {
  MusterEntry as Source,
  MusterService,
} from '../../../services/working-days/days/muster-service';

@ObjectType({ description: 'An employee whose last punch is a LOGIN for the office.' })
class MusterEntry {
  constructor(readonly source: Source) {}

  @Field(() => GraphQLISODateTime, { description: 'When they came (UTC).' })
  get since(): Date {
    return this.source.since;
  }

  @Field(() => Boolean, { description: 'Whether their own office is another one.' })
  get visitor(): boolean {
    return this.source.visitor;
  }
}

@ObjectType({ description: 'Who is in the building.' })
class Muster {
  @Field(() => Office, { description: 'The office.' })
  office!: Office;

  @Field(() => GraphQLISODateTime, { description: 'The moment for which it holds (UTC).' })
  at!: Date;

  @Field(() => [MusterEntry], { description: 'Who is inside, by name.' })
  inside!: MusterEntry[];

  @Field(() => [MusterEntry], {
    description:
      'Who may have forgotten to log out, by name: the LOGIN is older than `maxSpanMinutes` of their work rules (16 hours by default).',
  })
  unsure!: MusterEntry[];
}

@Resolver(() => MusterEntry)
export class MusterResolver {
  constructor(
    private readonly service: MusterService,
    private readonly kiosksMay: boolean,
    private readonly noteRead: Audit['noteRead'],
  ) {}

  @Query(() => Muster, {
    description:
      'Who is in the building now, for a fire. A KIOSK may read it of its own office, if KIOSK_MUSTER=true. Errors: FORBIDDEN, NOT_FOUND (officeId).',
  })
  async muster(
    @Arg('officeId', () => ID, { description: 'Id of the office.' }) officeId: string,
    @Ctx() { requester }: Context,
  ): Promise<Muster> {
    const { kioskOffice } = requester;
    if (kioskOffice !== null && (!this.kiosksMay || kioskOffice !== officeId)) {
      throw new RollcallError('FORBIDDEN', 'This kiosk may not show who is in this building', {
        field: 'officeId',
      });
    }
    const { office, at, inside, unsure } = await this.service.of(officeId);
    this.noteRead('muster', inside.length + unsure.length, requester);
    return {
      ...{ office, at },
      inside: inside.map((entry) => new MusterEntry(entry)),
      unsure: unsure.map((entry) => new MusterEntry(entry)),
    };
  }

  @FieldResolver(() => Employee, { description: 'Who it is.' })
  employee(@Root() { source }: MusterEntry, @Ctx() { loaders }: Context): Promise<Employee | null> {
    return loaders.employee.load(source.employeeId);
  }

  @FieldResolver(() => Attendance, { description: 'The LOGIN.' })
  punch(@Root() { source }: MusterEntry, @Ctx() { loaders }: Context): Promise<Attendance | null> {
    return loaders.attendance.load(source.punchId);
  }
}
