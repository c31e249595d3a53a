import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  GraphQLISODateTime,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { actorOf, roleOf, type Context } from '../../context';
import { Role } from '../../entities/role';
import { Attendance, AttendanceType } from '../../entities/attendance.entity';
import type { ManualAttendance } from '../../services/attendance/punches/manual-attendance';
import { IsEmployeeId, IsText } from '../validators';

@InputType({ description: 'A manual punch.' })
export class RecordManualAttendanceInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => AttendanceType, { description: 'Direction. Required: a manual punch does not alternate.' })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the employee came or left. Within the last 366 days, not in the future. Omit for now.',
  })
  recordedAt?: Date | null;

  @IsText(500)
  @Field(() => String, { description: 'Why the punch is recorded manually. 1 to 500 characters.' })
  reason!: string;

  @IsText(64)
  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key, 1 to 64 characters. A retry with the same key records nothing new and returns the first punch. CONFLICT if a check used the key, or a punch with another `type` or `recordedAt`.',
  })
  requestId?: string | null;
}

@ObjectType({ description: 'Who recorded a manual punch, when and why.' })
class ManualRecord {
  @Field(() => String, {
    nullable: true,
    description:
      'Why the punch was recorded manually. Null for a VIEWER, because it may mention an illness. "erased" after the employee was erased.',
  })
  reason!: string | null;

  @Field(() => String, { description: 'The requester.' })
  recordedBy!: string;

  @Field(() => GraphQLISODateTime, {
    description: 'When the punch was entered (UTC). It can differ from `recordedAt`.',
  })
  enteredAt!: Date;
}

@Resolver(() => Attendance)
export class ManualAttendanceResolver {
  constructor(private readonly service: ManualAttendance) {}

  @Mutation(() => Attendance, {
    description:
      'Records a punch without a face comparison. For employees who withdrew consent, or when the camera is broken. The punch is marked as manual (`manual`, `proof.manual`). The geofence and the minimum interval do not apply. Errors: BAD_USER_INPUT, NOT_FOUND, CONFLICT (the same punch exists, or another punch used the requestId).',
  })
  recordManualAttendance(
    @Arg('input', () => RecordManualAttendanceInput, { description: 'The manual punch.' })
    input: RecordManualAttendanceInput,
    @Ctx() context: Context,
  ): Promise<Attendance> {
    return this.service.record(input, actorOf(context));
  }

  @FieldResolver(() => ManualRecord, {
    nullable: true,
    description: 'Who recorded the punch manually, and why. Null if a face comparison recorded it.',
  })
  manual(@Root() attendance: Attendance, @Ctx() { caller }: Context): ManualRecord | null {
    const { manualReason: reason, manualRecordedBy: recordedBy, manualEnteredAt: enteredAt } = attendance;
    return reason == null || recordedBy == null || enteredAt == null
      ? null
      : { reason: roleOf(caller) === Role.VIEWER ? null : reason, recordedBy, enteredAt };
  }
}
