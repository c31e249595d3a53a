import { Field, ID, InputType } from 'type-graphql';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { ConsentInput } from './consent';
import { FacesInput } from './faces.input';
import { IsEmployeeId, IsName, IsNested, IsNewEmployeeId, IsSearch, IsText } from '../validators';

@InputType({ description: 'An employee to register.' })
export class RegisterEmployeeInput extends FacesInput {
  @IsName(200)
  @Field(() => String, { description: '1 to 200 characters, not only spaces. Stored in Unicode NFC.' })
  name!: string;

  @IsNewEmployeeId()
  @Field(() => String, {
    description:
      "The company's own id: 1 to 64 letters, digits, '.', '_' and '-'. Unique. Upper and lower case are the same.",
  })
  employeeId!: string;

  @Field(() => ID, {
    nullable: true,
    description: "The employee's office. Its geofence applies to the employee.",
  })
  officeId?: string | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: "First day of employment. Omit for today in the office's time zone.",
  })
  employedFrom?: LocalDate | null;

  @IsNested()
  @Field(() => ConsentInput, {
    nullable: true,
    description: "The employee's consent to the use of their face. Required if REQUIRE_CONSENT is set.",
  })
  consent?: ConsentInput | null;
}

@InputType({ description: 'Changes to an employee. Omitted fields stay unchanged.' })
export class UpdateEmployeeInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The employee (the company's own id)." })
  employeeId!: string;

  @IsText(200)
  @Field(() => String, { nullable: true, description: '1 to 200 characters. Not null.' })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'The new office. Null removes the office.' })
  officeId?: string | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description:
      'First day in the new office, not after today. Omit for today. Days before it keep their office.',
  })
  officeFrom?: LocalDate | null;

  @Field(() => LocalDateScalar, { nullable: true, description: 'First day of employment. Not null.' })
  employedFrom?: LocalDate | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'Last day of employment, not before the first. Null removes the end.',
  })
  employedUntil?: LocalDate | null;
}

@InputType({ description: 'Filter for employees. An employee must meet all conditions.' })
export class EmployeeFilter {
  @Field(() => ID, { nullable: true, description: 'Only employees of this office.' })
  officeId?: string | null;

  @IsSearch(200)
  @Field(() => String, {
    nullable: true,
    description:
      'Part of the name or employeeId, at most 200 characters. Upper and lower case are the same; accents count. % and _ are ordinary characters.',
  })
  search?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: only active employees. false: only inactive ones.',
  })
  active?: boolean | null;
}
