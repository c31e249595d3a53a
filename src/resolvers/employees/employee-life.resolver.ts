import { Arg, Ctx, Field, GraphQLISODateTime, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Context } from '../../context';
import { Employee } from '../../entities/employee.entity';
import type { ActivityService } from '../../services/employees/activity-service';
import type { ConsentService } from '../../services/employees/consent-service';
import type { ExportTickets } from '../../services/privacy/export/export-tickets';
import { ConsentInput } from './consent';
import { IsEmployeeId, IsNested } from '../validators';

@InputType({ description: 'Consent of a registered employee.' })
export class RecordConsentInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @IsNested()
  @Field(() => ConsentInput, { description: 'The consent. It replaces an earlier one.' })
  consent!: ConsentInput;
}

@ObjectType({ description: 'A download link for all data of one person.' })
class EmployeeExport {
  @Field(() => String, {
    description:
      'URL of a ZIP file with data.json and photos. It needs no API key and works once. Keep it secret: everyone who has it can download the data.',
  })
  url!: string;

  @Field(() => GraphQLISODateTime, {
    description: 'When the link expires (UTC), five minutes after the request.',
  })
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
      'Deactivates an employee. After the answer their face matches nowhere and they cannot punch. Templates and photos are kept. Errors: NOT_FOUND, UNAVAILABLE.',
  })
  deactivateEmployee(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.activity.deactivate(employeeId, context.requester);
  }

  @Mutation(() => Employee, {
    description:
      'Reactivates an employee with the faces they had. Errors: NOT_FOUND, UNAVAILABLE, FACE_ALREADY_ENROLLED (another employee enrolled the face meanwhile).',
  })
  reactivateEmployee(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.activity.reactivate(employeeId, context.requester);
  }

  @Mutation(() => Employee, {
    description: 'Records the consent of a registered employee. Errors: NOT_FOUND, BAD_USER_INPUT.',
  })
  recordConsent(
    @Arg('input', () => RecordConsentInput, { description: 'The employee and the consent.' })
    { employeeId, consent }: RecordConsentInput,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.consents.record(employeeId, consent, context.requester);
  }

  @Mutation(() => Employee, {
    description:
      "Withdraws an employee's consent. Removes all templates and face photos from database, disk and CDN. After the answer the face matches nowhere, and checks end in FACE_MISMATCH without a similarity. The employee stays active; use recordManualAttendance for their punches. Photos of earlier punches stay until RETAIN_ATTENDANCE_PHOTOS_DAYS or eraseEmployee removes them. Errors: NOT_FOUND, CONFLICT (already withdrawn), UNAVAILABLE.",
  })
  withdrawConsent(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<Employee> {
    return this.consents.withdraw(employeeId, context.requester);
  }

  @Mutation(() => EmployeeExport, {
    description:
      'Exports all data of one person, for a subject access request. Returns a download link. The export lists the templates but does not contain their descriptors. Errors: NOT_FOUND.',
  })
  async exportEmployeeData(
    @Arg('employeeId', () => String, EMPLOYEE_ID) employeeId: string,
    @Ctx() context: Context,
  ): Promise<EmployeeExport> {
    const { token, expiresAt } = await this.tickets.issue(employeeId, context.requester);
    return { url: `${this.publicUrl()}/exports/${token}`, expiresAt };
  }
}
