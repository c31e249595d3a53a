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
import type { Context } from '../../context';
import { Role } from '../../entities/role';
import { Attendance, AttendanceType } from '../../entities/attendance.entity';
import type { ManualAttendance } from '../../services/attendance/punches/manual-attendance';
import { IsEmployeeId, IsText } from '../validators';

@InputType({ description: 'A punch that a person vouches for.' })
export class RecordManualAttendanceInput {
  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => AttendanceType, { description: 'The direction; it is not made out here.' })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When they came or went, within the last 366 days and not in the future; left out: now.',
  })
  recordedAt?: Date | null;

  @IsText(500)
  @Field(() => String, { description: 'Why not by the face: 1 to 500 characters.' })
  reason!: string;

  @IsText(64)
  @Field(() => String, {
    nullable: true,
    description:
      'Idempotency key, 1 to 64 characters, of the same kind as that of a check: a retry with the same key records ' +
      'nothing new and returns the first punch. With another type or recordedAt, or the key of a check, it is CONFLICT.',
  })
  requestId?: string | null;
}

@ObjectType({ description: 'That a punch was recorded by hand.' })
class ManualRecord {
  @Field(() => String, {
    nullable: true,
    description:
      'Why, which may tell of an illness: null for a VIEWER; "erased" once the employee was erased.',
  })
  reason!: string | null;

  @Field(() => String, { description: 'Who recorded it, as the service names callers.' })
  recordedBy!: string;

  @Field(() => GraphQLISODateTime, { description: 'When it was entered (UTC), whatever recordedAt says.' })
  enteredAt!: Date;
}

@Resolver(() => Attendance)
export class ManualAttendanceResolver {
  constructor(private readonly service: ManualAttendance) {}

  @Mutation(() => Attendance, {
    description:
      'Records a punch without a face: for who has withdrawn their consent, or stood before a broken camera. It is ' +
      'marked as such for good (manual, proof.manual). Neither geofence nor minimum interval are applied. Errors: ' +
      "BAD_USER_INPUT, NOT_FOUND, CONFLICT (the same punch is there already, or the requestId is another punch's).",
  })
  recordManualAttendance(
    @Arg('input', () => RecordManualAttendanceInput, { description: 'Whose punch, and why by hand.' })
    input: RecordManualAttendanceInput,
    @Ctx() context: Context,
  ): Promise<Attendance> {
    return this.service.record(input, context.requester);
  }

  @FieldResolver(() => ManualRecord, {
    nullable: true,
    description: 'Who vouches for the punch, and why; null: it was proved by the face.',
  })
  manual(@Root() attendance: Attendance, @Ctx() { requester }: Context): ManualRecord | null {
    const { manualReason: reason, manualRecordedBy: recordedBy, manualEnteredAt: enteredAt } = attendance;
    return reason == null || recordedBy == null || enteredAt == null
      ? null
      : { reason: requester.role === Role.VIEWER ? null : reason, recordedBy, enteredAt };
  }
}
