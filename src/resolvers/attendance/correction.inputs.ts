import { Field, GraphQLISODateTime, ID, InputType, Int } from 'type-graphql';
import { AttendanceType } from '../../entities/attendance.entity';
import { CorrectionStatus } from '../../entities/correction.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import { IsEmployeeId, IsNested, IsText } from '../validators';

@InputType({ description: 'A punch to add.' })
class AddPunchInput {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: "The company's own id of the employee. Omit it if the correction has it.",
  })
  employeeId?: string | null;

  @Field(() => AttendanceType, { description: 'Direction.' })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, {
    description: 'When the employee came or left. Within the last 366 days, not in the future.',
  })
  recordedAt!: Date;
}

@InputType({ description: 'A punch to void.' })
class VoidPunchInput {
  @Field(() => ID, { description: 'Id of the punch.' })
  attendanceId!: string;
}

@InputType({ description: 'Automatic break of a day that was not taken.' })
class WaiveBreakInput {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: "The company's own id of the employee. Omit it if the correction has it.",
  })
  employeeId?: string | null;

  @Field(() => LocalDateScalar, { description: 'The day. Within the last 366 days, not in the future.' })
  date!: LocalDate;

  @Field(() => Int, {
    description: 'How many minutes of the deducted break are worked after all, 1 to 1440.',
  })
  minutes!: number;
}

@InputType({ description: 'One change of a correction. Give exactly one of `add`, `void` and `waiveBreak`.' })
class CorrectionChangeInput {
  @IsNested()
  @Field(() => AddPunchInput, { nullable: true, description: 'Adds a manual punch.' })
  add?: AddPunchInput | null;

  @Field(() => VoidPunchInput, {
    nullable: true,
    description: 'Voids a punch. An added punch can be voided, too.',
  })
  void?: VoidPunchInput | null;

  @IsNested()
  @Field(() => WaiveBreakInput, { nullable: true, description: 'Takes back minutes of an automatic break.' })
  waiveBreak?: WaiveBreakInput | null;
}

@InputType({ description: 'A correction of the punches of one employee.' })
export class CorrectAttendanceInput {
  @IsEmployeeId()
  @Field(() => String, {
    nullable: true,
    description: "The company's own id of the employee. Omit it if a change names the employee or a punch.",
  })
  employeeId?: string | null;

  @IsNested()
  @Field(() => [CorrectionChangeInput], {
    description: 'The changes, 1 to 50, all of one employee. All are made, or none.',
  })
  changes!: CorrectionChangeInput[];

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@InputType({ description: 'A voided punch that is to count again.' })
export class RestoreAttendanceInput {
  @Field(() => ID, { description: 'Id of the punch.' })
  attendanceId!: string;

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@InputType({ description: 'A correction that somebody asks for.' })
export class RequestCorrectionInput extends CorrectAttendanceInput {}

@InputType({ description: 'The decision about a correction.' })
export class DecideCorrectionInput {
  @Field(() => ID, { description: 'Id of the correction.' })
  id!: string;

  @Field(() => Boolean, { description: 'true: its changes are made. false: it is rejected.' })
  approve!: boolean;

  @IsText(500)
  @Field(() => String, { nullable: true, description: 'A note on the decision, 1 to 500 characters.' })
  note?: string | null;
}

@InputType({ description: 'Filter for corrections. A correction must meet all conditions.' })
export class CorrectionFilter {
  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of employees of this office.' })
  officeId?: string | null;

  @Field(() => CorrectionStatus, { nullable: true, description: 'Only with this status.' })
  status?: CorrectionStatus | null;
}
