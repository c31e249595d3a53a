import { Field, Float, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { Attendance } from '../../entities/attendance.entity';
import { Office } from '../../entities/office.entity';

export enum CheckAttendanceStatus {
  RECORDED = 'RECORDED',
  ALREADY_RECORDED = 'ALREADY_RECORDED',
  FACE_MISMATCH = 'FACE_MISMATCH',
  FACE_NOT_RECOGNIZED = 'FACE_NOT_RECOGNIZED',
  OUTSIDE_OFFICE = 'OUTSIDE_OFFICE',
  EMPLOYEE_NOT_FOUND = 'EMPLOYEE_NOT_FOUND',
  FACE_NOT_USABLE = 'FACE_NOT_USABLE',
  DESCRIPTOR_MISMATCH = 'DESCRIPTOR_MISMATCH',
  REPLAY_DETECTED = 'REPLAY_DETECTED',
  CHALLENGE_REFUSED = 'CHALLENGE_REFUSED',
  LIVENESS_FAILED = 'LIVENESS_FAILED',
  OTHER_OFFICE = 'OTHER_OFFICE',
}

registerEnumType(CheckAttendanceStatus, {
  name: 'CheckAttendanceStatus',
  description: 'Outcome of a check.',
  valuesConfig: {
    RECORDED: { description: 'The punch is recorded.' },
    ALREADY_RECORDED: { description: 'The same punch was sent before. The earlier punch is returned.' },
    FACE_MISMATCH: { description: 'The face does not match the claimed employee.' },
    FACE_NOT_RECOGNIZED: {
      description: 'No template is similar enough, or two employees are too similar to decide.',
    },
    OUTSIDE_OFFICE: { description: "The position is outside the office's geofence." },
    EMPLOYEE_NOT_FOUND: {
      description:
        'No active employee has this employeeId. A kiosk that takes no visitors also gets this answer for employees of other offices, unless their face matches.',
    },
    FACE_NOT_USABLE: { description: 'No usable face in the photo. Take another one.' },
    DESCRIPTOR_MISMATCH: { description: 'The descriptor does not belong to the photo.' },
    REPLAY_DETECTED: {
      description: 'The photo or descriptor was sent before. A live camera never repeats a photo.',
    },
    CHALLENGE_REFUSED: {
      description: 'The challenge is missing, used, expired, or was made for another check.',
    },
    LIVENESS_FAILED: { description: 'The photos do not show the actions that the challenge asks for.' },
    OTHER_OFFICE: { description: 'The employee belongs to another office than this kiosk.' },
  },
});

const ENOUGH = 'Minimum similarity for a match. 1 if EXPOSE_SIMILARITY hides it.';

@InterfaceType({
  description:
    'Result of a check. The fields of this interface exist for every outcome. Use fragments for the fields of one outcome.',
  resolveType: (value: CheckAttendanceResult) => value.constructor.name,
})
export abstract class CheckAttendanceResult {
  @Field(() => CheckAttendanceStatus, { description: 'The outcome.' })
  status!: CheckAttendanceStatus;

  @Field(() => String, {
    description: 'The outcome as text, for example "Login recorded successfully!" or "Face does not match".',
  })
  message!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'Highest cosine similarity of the probe to a stored template, -1 to 1. Null if nothing was compared, or if EXPOSE_SIMILARITY hides it.',
  })
  similarity!: number | null;

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
  description: 'No active employee has the given employeeId.',
})
export class EmployeeNotFound extends CheckAttendanceResult {}
