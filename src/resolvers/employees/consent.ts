import { IsDefined, ValidateIf, ValidateNested } from 'class-validator';
import { Field, GraphQLISODateTime, InputType, ObjectType } from 'type-graphql';
import type { Employee } from '../../entities/employee.entity';
import { IsText } from '../validators';

/** Validates an input within an input; null and undefined pass. TypeGraphQL has made an instance of it. */
export const IsNested = (): PropertyDecorator => (target, key) => {
  ValidateIf((_, value) => value !== undefined && value !== null)(target, key);
  ValidateNested()(target, key);
};

@InputType({ description: "A person's agreement that their face is used." })
export class ConsentInput {
  @IsText(64)
  @Field(() => String, { description: 'Which text was agreed to: 1 to 64 characters, e.g. 2026-01 en.' })
  version!: string;

  @IsDefined()
  @Field(() => GraphQLISODateTime, { description: 'When it was given; not in the future.' })
  givenAt!: Date;

  @IsText(200)
  @Field(() => String, { description: 'Who took it: 1 to 200 characters.' })
  recordedBy!: string;
}

@ObjectType({ description: "A person's agreement that their face is used." })
export class Consent {
  @Field(() => String, { description: 'Which text was agreed to.' })
  version!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was given (UTC).' })
  givenAt!: Date;

  @Field(() => String, { description: 'Who took it.' })
  recordedBy!: string;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When it was withdrawn (UTC): no face is enrolled since; null: it holds.',
  })
  withdrawnAt!: Date | null;
}

/** null where none is recorded. */
export function consentOf(employee: Employee): Consent | null {
  const { consentVersion: version, consentGivenAt: givenAt, consentRecordedBy: recordedBy } = employee;
  if (version == null || givenAt == null || recordedBy == null) return null;
  return { version, givenAt, recordedBy, withdrawnAt: employee.consentWithdrawnAt ?? null };
}
