import { Field, Float, GraphQLISODateTime, ID, InputType, ObjectType } from 'type-graphql';
import { AttendanceType } from '../../entities/attendance.entity';
import { type ReviewItem, ReviewStatus } from '../../entities/review-item.entity';
import { IsEmployeeId, IsText } from '../validators';

@InputType({ description: 'Filter for review items. An item must meet all conditions.' })
export class ReviewItemFilter {
  @Field(() => ReviewStatus, { nullable: true, description: 'Only items of this status.' })
  status?: ReviewStatus | null;

  @IsEmployeeId()
  @Field(() => String, { nullable: true, description: "Only items of this employee (the company's own id)." })
  employeeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only items of this office.' })
  officeId?: string | null;
}

@InputType({ description: 'The punch that a review item becomes.' })
export class AcceptReviewItemInput {
  @Field(() => ID, { description: 'Id of the review item.' })
  id!: string;

  @IsEmployeeId()
  @Field(() => String, { description: "The company's own id of the employee." })
  employeeId!: string;

  @Field(() => AttendanceType, { description: 'Direction.' })
  type!: AttendanceType;

  @Field(() => GraphQLISODateTime, {
    description: 'When the employee came or left. Within the last 366 days, not in the future.',
  })
  recordedAt!: Date;

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@InputType({ description: 'A review item that becomes nothing.' })
export class DismissReviewItemInput {
  @Field(() => ID, { description: 'Id of the review item.' })
  id!: string;

  @IsText(500)
  @Field(() => String, { description: 'Why. 1 to 500 characters.' })
  reason!: string;
}

@ObjectType('ReviewItem', {
  description:
    'A saved check that was refused, punches whose times are suspect, or an employeeId that was changed, for a person to decide about.',
})
export class ReviewItemView {
  constructor(readonly item: ReviewItem) {
    Object.assign(this, item);
  }

  @Field(() => ID, { description: 'Unique id (UUID). The punch that it becomes has the same id.' })
  id!: string;

  @Field(() => ReviewStatus, { description: 'Whether it is decided.' })
  status!: ReviewStatus;

  @Field(() => String, {
    description:
      'Why it is here: the outcome of the check, TIME_UNEXPLAINED, TOO_OLD, AHEAD, OFFLINE_NOT_ALLOWED, BEFORE_KEY, BEFORE_EMPLOYEE, BEFORE_BEACON, BEACON_INVALID, WAS_ONLINE or TOO_CLOSE for its time, LOCKED_OUT during a lockout of a day, the code of an error, TIME_SUSPECT for punches one millisecond apart, DUPLICATE_EMPLOYEE_ID for an employeeId that got a suffix because another employee had the same one, or PUNCH_LOST for a photo of a check that the database lacks because it was set back.',
  })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The employeeId that was claimed, if nobody has it. With the reason DUPLICATE_EMPLOYEE_ID: the employeeId without the suffix.',
  })
  claimedEmployeeId!: string | null;

  @Field(() => AttendanceType, { nullable: true, description: 'Direction as sent. Null if not sent.' })
  type!: AttendanceType | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: "When the photo was taken, by the device's clock.",
  })
  capturedAt!: Date | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: "The device's clock when it sent the check.",
  })
  deviceTime!: Date | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Offset of that clock as the device knows it, in milliseconds.',
  })
  clockOffsetMs!: number | null;

  @Field(() => GraphQLISODateTime, { description: 'When the service received it (UTC).' })
  receivedAt!: Date;

  @Field(() => Float, { nullable: true, description: 'Degrees north, as sent.' })
  latitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Degrees east, as sent.' })
  longitude!: number | null;

  @Field(() => Float, { nullable: true, description: 'Accuracy of the position in metres, as sent.' })
  positionAccuracyMeters!: number | null;

  @Field(() => GraphQLISODateTime, {
    nullable: true,
    description: 'When the device determined the position.',
  })
  positionTakenAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'The requester who decided. Null if nobody did yet.' })
  decidedBy!: string | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it was decided (UTC).' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was decided so.' })
  decisionReason!: string | null;
}
