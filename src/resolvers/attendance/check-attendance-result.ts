import { Field, Float, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { Attendance } from '../../entities/attendance.entity';
import { Office } from '../../entities/office.entity';
import { SimilarityOf } from '../../entities/similarity-of';
import { OUTCOMES, STATUSES, type CheckStatus } from '../../services/attendance/check/outcomes';

/** Made from the table of outcomes; TypeGraphQL reads it as an enum. */
const CheckAttendanceStatus = Object.fromEntries(STATUSES.map((status) => [status, status]));

registerEnumType(CheckAttendanceStatus, {
  name: 'CheckAttendanceStatus',
  description: 'Outcome of a check.',
  valuesConfig: Object.fromEntries(
    STATUSES.map((status) => [status, { description: OUTCOMES[status].status }]),
  ),
});

/** For every score in the API. */
export const SCORE_ROUNDING = 'Two decimals, rounded down.';
const ENOUGH = 'Minimum similarity for a match. 1 if `similarity` is hidden.';

@InterfaceType({
  description:
    'Result of a check. The fields of this interface exist for every outcome. Use fragments for the fields of one outcome.',
  resolveType: ({ status }: CheckAttendanceResult) => OUTCOMES[status].type,
})
export abstract class CheckAttendanceResult {
  @Field(() => CheckAttendanceStatus, { description: 'The outcome.' })
  status!: CheckStatus;

  @Field(() => String, {
    description: 'The outcome as text, for example "Login recorded successfully!" or "Face does not match".',
  })
  message!: string;

  @Field(() => Float, {
    nullable: true,
    description: `Cosine similarity, -1 to 1: of the client's descriptor with the employee's most similar client template if both exist, otherwise of the photo with the mean of the employee's server templates. ${SCORE_ROUNDING} Below the threshold if the face was refused. Null if nothing was compared. Null if it is hidden: EXPOSE_SIMILARITY is never, or it is match and the face was refused, or a KIOSK asks and the client's descriptor decides.`,
  })
  similarity!: number | null;

  @Field(() => SimilarityOf, {
    nullable: true,
    description: 'What `similarity` was computed of. Null if `similarity` is null.',
  })
  similarityOf!: SimilarityOf | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "Distance between the given position and the employee's office, in metres. Null if either is unknown.",
  })
  distanceFromOffice!: number | null;

  @Field(() => String, {
    nullable: true,
    description: "URL of the photo's copy on the CDN. Null until the photo is uploaded, and for a KIOSK.",
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
    'The same punch was sent before: same requestId, or same direction within the minimum interval. Nothing new was recorded.',
})
export class AttendanceAlreadyRecorded extends CheckAttendanceResult {
  @Field(() => Attendance, { description: 'The earlier punch.' })
  attendance!: Attendance;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'The face does not match the claimed employee.',
})
export class FaceMismatch extends CheckAttendanceResult {
  @Field(() => Float, { description: ENOUGH })
  threshold!: number;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'No template is similar enough, or two employees are too similar to decide.',
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

@ObjectType({
  implements: CheckAttendanceResult,
  description:
    "The face matches, but the position is too inaccurate (POSITION_MAX_ACCURACY_METERS) or too old (POSITION_MAX_AGE_SECONDS) to tell whether it is inside the office's geofence.",
})
export class PositionUncertain extends CheckAttendanceResult {
  @Field(() => Office, { description: "The employee's office." })
  office!: Office;

  @Field(() => String, { description: 'What the person in front of the camera can do.' })
  hint!: string;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description:
    'A saved check (`capturedAt` and `requestId`) could not be recorded. It is kept with its photo as a review item and counts once HR accepts it. The client can delete it.',
})
export class ReviewQueued extends CheckAttendanceResult {
  @Field(() => ID, { description: 'Id of the review item. The punch that it may become has the same id.' })
  reviewItemId!: string;

  @Field(() => String, {
    description:
      'Why: the outcome of the check, such as FACE_MISMATCH, or TIME_UNEXPLAINED, TOO_OLD, AHEAD, OFFLINE_NOT_ALLOWED, or the code of an error.',
  })
  reviewReason!: string;
}
