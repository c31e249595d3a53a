import { Field, Float, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { Attendance } from '../../entities/attendance.entity';
import { Office } from '../../entities/office.entity';
import { OUTCOMES, STATUSES, type CheckStatus } from '../../services/attendance/check/outcomes';

/** Made from the table of outcomes; TypeGraphQL reads it as an enum. */
const CheckAttendanceStatus = Object.fromEntries(STATUSES.map((status) => [status, status]));

registerEnumType(CheckAttendanceStatus, {
  name: 'CheckAttendanceStatus',
  description: 'What came of a check.',
  valuesConfig: Object.fromEntries(
    STATUSES.map((status) => [status, { description: OUTCOMES[status].status }]),
  ),
});

const ENOUGH = 'The similarity that would have been enough; 1 where EXPOSE_SIMILARITY does not tell it.';

@InterfaceType({
  description:
    'What came of a check. One flat selection works for every outcome; fragments on the concrete types give the rest.',
  resolveType: ({ status }: CheckAttendanceResult) => OUTCOMES[status].type,
})
export abstract class CheckAttendanceResult {
  @Field(() => CheckAttendanceStatus, { description: 'Which outcome it is.' })
  status!: CheckStatus;

  @Field(() => String, {
    description: 'Login recorded successfully! / Logout recorded successfully! / Face does not match / ...',
  })
  message!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'Cosine similarity of the probe with the best stored template, -1 to 1; null where none was compared, or where ' +
      'EXPOSE_SIMILARITY does not tell it.',
  })
  similarity!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Metres between the given position and the employee's office; null where either is unknown.",
  })
  distanceFromOffice!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The CDN copy of this check's photo; null where it is only stored locally (so far), and for a KIOSK.",
  })
  cloudinaryUrl!: string | null;
}

@ObjectType({ implements: CheckAttendanceResult, description: 'The punch is recorded.' })
export class AttendanceRecorded extends CheckAttendanceResult {
  @Field(() => Attendance, { description: 'The new punch.' })
  attendance!: Attendance;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description:
    'The same punch again (same requestId, or the same direction within the minimum interval): nothing new was written.',
})
export class AttendanceAlreadyRecorded extends CheckAttendanceResult {
  @Field(() => Attendance, { description: 'The earlier punch.' })
  attendance!: Attendance;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'The face is not that of the employee who was claimed.',
})
export class FaceMismatch extends CheckAttendanceResult {
  @Field(() => Float, { description: ENOUGH })
  threshold!: number;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'No enrolled face is near enough, or two different people are too close to call.',
})
export class FaceNotRecognized extends CheckAttendanceResult {
  @Field(() => Float, { description: ENOUGH })
  threshold!: number;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description: "The face matches, but the position is outside the office's geofence.",
})
export class OutsideOffice extends CheckAttendanceResult {
  @Field(() => Office, { description: "The employee's office." })
  office!: Office;
}
