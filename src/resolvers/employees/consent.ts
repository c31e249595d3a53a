import { IsDefined } from 'class-validator';
import { Field, GraphQLISODateTime, InputType, ObjectType } from 'type-graphql';
import type { Employee } from '../../entities/employee.entity';
import { IsText } from '../validators';

@InputType({ description: "An employee's consent to the use of their face." })
export class ConsentInput {
  @IsText(64)
  @Field(() => String, {
    description: 'Version of the consent text, 1 to 64 characters. Example: "2026-01 en".',
  })
  version!: string;

  @IsDefined()
  @Field(() => GraphQLISODateTime, { description: 'When the employee gave consent. Not in the future.' })
  givenAt!: Date;

  @IsText(200)
  @Field(() => String, { description: 'Who recorded the consent. 1 to 200 characters.' })
  recordedBy!: string;
}

@ObjectType({ description: "An employee's consent to the use of their face." })
export class Consent {
  @Field(() => String, { description: 'Version of the consent text.' })
  version!: string;

  @Field(() => GraphQLISODateTime, { description: 'When the employee gave consent (UTC).' })
  givenAt!: Date;

  @Field(() => String, { description: 'Who recorded the consent.' })
  recordedBy!: string;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the employee withdrew consent (UTC). Null if the consent is valid.',
  })
  withdrawnAt!: Date | null;
}

/** null if none is recorded. */
export function consentOf(employee: Employee): Consent | null {
  const { consentVersion: version, consentGivenAt: givenAt, consentRecordedBy: recordedBy } = employee;
  if (version == null || givenAt == null || recordedBy == null) return null;
  return { version, givenAt, recordedBy, withdrawnAt: employee.consentWithdrawnAt ?? null };
}
