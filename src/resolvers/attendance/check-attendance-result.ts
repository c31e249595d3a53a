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
  description: 'What came of a check.',
  valuesConfig: {
    RECORDED: { description: 'The punch is recorded.' },
    ALREADY_RECORDED: { description: 'The same punch again; the earlier one stands for it.' },
    FACE_MISMATCH: { description: 'The face is not that of the employee who was claimed.' },
    FACE_NOT_RECOGNIZED: { description: 'No enrolled face is near enough, or two are too close to call.' },
    OUTSIDE_OFFICE: { description: "The position is outside the office's geofence." },
    EMPLOYEE_NOT_FOUND: {
      description:
        'No active employee has the given employeeId. A kiosk that takes no visitors is answered so for people of other ' +
        'offices too, unless it shows their face.',
    },
    FACE_NOT_USABLE: { description: 'The photo shows no face that can be described; take another one.' },
    DESCRIPTOR_MISMATCH: { description: 'The descriptor that was sent is not that of the photo.' },
    REPLAY_DETECTED: {
      description: 'The photo or the descriptor was sent before; live cameras never repeat.',
    },
    CHALLENGE_REFUSED: {
      description: 'The challenge is missing, used, expired, or was made for another check.',
    },
    LIVENESS_FAILED: { description: "The photos do not show what the challenge's actions asked for." },
    OTHER_OFFICE: { description: "The employee is of another office than this kiosk's." },
  },
});

const ENOUGH = 'The similarity that would have been enough; 1 where EXPOSE_SIMILARITY does not tell it.';

@InterfaceType({
  description:
    'What came of a check. One flat selection works for every outcome; fragments on the concrete types give the rest.',
  resolveType: (value: CheckAttendanceResult) => value.constructor.name,
})
export abstract class CheckAttendanceResult {
  @Field(() => CheckAttendanceStatus, { description: 'Which outcome it is.' })
  status!: CheckAttendanceStatus;

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

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'No active employee has the given employeeId.',
})
export class EmployeeNotFound extends CheckAttendanceResult {}
