import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context';
import { Attendance } from '../../entities/attendance.entity';
import { LocalDateScalar, type LocalDate } from '../../entities/local-scalars';
import type { MissingLogouts } from '../../services/working-days/punches/missing-logouts';
import { enumOf } from '../working-days/enum-of';
import { AttendanceAlreadyRecorded, AttendanceRecorded } from './check-attendance-result';

/** Days around a punch are read and derived for each of them. */
const COMPLEXITY = 5;

const AttendanceNoticeCode = enumOf(
  'AttendanceNoticeCode',
  'What the employee should know. More codes can be added.',
  { MISSING_LOGOUT: 'The working day before this LOGIN has a LOGIN without a LOGOUT.' },
);

@ObjectType({ description: 'Something that the employee should know when they punch.' })
class AttendanceNotice {
  @Field(() => AttendanceNoticeCode, { description: 'What it is.' })
  code!: keyof typeof AttendanceNoticeCode;

  @Field(() => LocalDateScalar, { description: 'The working day that it is about.' })
  date!: LocalDate;
}

const NOTICES =
  'What the employee should know about their former working day, derived like `workDay`. Empty for a LOGOUT. The first answer and retries agree unless a punch was corrected in between.';

/** What the derivation of working days adds to a punch. */
@Resolver(() => Attendance)
export class PunchDateResolver {
  @FieldResolver(() => LocalDateScalar, {
    nullable: true,
    description:
      'Date of the working day to which the punch counts: a night shift counts on the date on which it begins. Null if it counts for none: it is a repeat, or voided.',
    complexity: COMPLEXITY,
  })
  workDate(@Root() punch: Attendance, @Ctx() { loaders }: Context): Promise<LocalDate | null> {
    return loaders.workDate.load(punch);
  }
}

async function noticesOf(logouts: MissingLogouts, punch: Attendance): Promise<AttendanceNotice[]> {
  const date = await logouts.before(punch);
  return date === null ? [] : [{ code: AttendanceNoticeCode.MISSING_LOGOUT, date }];
}

@Resolver(() => AttendanceRecorded)
export class RecordedNoticesResolver {
  constructor(private readonly logouts: MissingLogouts) {}

  @FieldResolver(() => [AttendanceNotice], { description: NOTICES, complexity: COMPLEXITY })
  notices(@Root() { attendance }: AttendanceRecorded): Promise<AttendanceNotice[]> {
    return noticesOf(this.logouts, attendance);
  }
}

/** A retry gets the notices of the first answer. */
@Resolver(() => AttendanceAlreadyRecorded)
export class EarlierNoticesResolver {
  constructor(private readonly logouts: MissingLogouts) {}

  @FieldResolver(() => [AttendanceNotice], { description: NOTICES, complexity: COMPLEXITY })
  notices(@Root() { attendance }: AttendanceAlreadyRecorded): Promise<AttendanceNotice[]> {
    return noticesOf(this.logouts, attendance);
  }
}
