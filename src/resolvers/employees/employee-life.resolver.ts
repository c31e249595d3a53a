import { Arg, Ctx, Field, GraphQLISODateTime, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import type { ActivityService } from '../../services/employees/activity-service';
import type { ConsentService } from '../../services/employees/consent-service';
import type { ExportTickets } from '../../services/privacy/export/export-tickets';
import { ConsentInput, IsNested } from './consent';
import { IsEmployeeId } from '../validators';

@InputType({ description: 'The consent of somebody who is registered already.' })
export class RecordConsentInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @IsNested()
  @Field(() => ConsentInput, { description: 'What they agreed to; it takes the place of an earlier one.' })
  consent!: ConsentInput;
}

@ObjectType({ description: 'A download of everything that is held on one person.' })
class EmployeeExport {
  @Field(() => String, {
    description:
      'The address of a ZIP with data.json and the photos. It needs no API key and works once: whoever has it can ' +
      'download.',
  })
  url!: string;

  @Field(() => GraphQLISODateTime, { description: 'Until when it works (UTC): five minutes.' })
  expiresAt!: Date;
}

const EMPLOYEE_ID = { description: "The company's own id of the employee." };

@Resolver(() => Employee)
export class EmployeeLifeResolver {
  constructor(
    private readonly activity: ActivityService,
    private readonly consents: ConsentService,
    private readonly tickets: ExportTickets,
    /** Base of the service's addresses, without a slash at its end; known late. */
    private readonly publicUrl: () => string,
  ) {}

  @Mutation(() => Employee, {
    description:
      'Takes an employee out of service: once answered their face matches nowhere and no punch of theirs is recorded. ' +
      'Templates and photos are kept. Errors: NOT_FOUND, UNAVAILABLE.',
  })
  deactivateEmployee(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.activity.deactivate(employeeId, context.requester);
  }

  @Mutation(() => Employee, {
    description:
      'Takes an employee back into service with the faces they had. Errors: NOT_FOUND, UNAVAILABLE, ' +
      'FACE_ALREADY_ENROLLED (for somebody else meanwhile).',
  })
  reactivateEmployee(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.activity.reactivate(employeeId, context.requester);
  }

  @Mutation(() => Employee, {
    description:
      'Records the consent of somebody who is registered already. Errors: NOT_FOUND, BAD_USER_INPUT.',
  })
  recordConsent(
    @Arg('input', () => RecordConsentInput, { description: 'Whose consent, and to what.' })
    { employeeId, consent }: RecordConsentInput,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.consents.record(employeeId, consent, context.requester);
  }

  @Mutation(() => Employee, {
    description:
      'Removes all templates and face photos of an employee from database, disk and CDN; once answered their face ' +
      'matches nowhere. They stay active, and punch by recordManualAttendance; a check of theirs is a FACE_MISMATCH ' +
      'without a similarity. Photos of their punches stay until RETAIN_ATTENDANCE_PHOTOS_DAYS or eraseEmployee. Errors: ' +
      'NOT_FOUND, CONFLICT (withdrawn already), UNAVAILABLE.',
  })
  withdrawConsent(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.consents.withdraw(employeeId, context.requester);
  }

  @Mutation(() => EmployeeExport, {
    description:
      'Everything that is held on one person, for a subject access request: the answer says where to download it. ' +
      'Face descriptors are not in it; that there are some is. Errors: NOT_FOUND.',
  })
  async exportEmployeeData(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<EmployeeExport> {
    const { token, expiresAt } = await this.tickets.issue(employeeId, context.requester);
    return { url: `${this.publicUrl()}/exports/${token}`, expiresAt };
  }
}
