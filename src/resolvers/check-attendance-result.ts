import { Field, Float, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { Attendance, AttendanceType } from '../entities/attendance.entity';
import { Office } from '../entities/office.entity';
import type { CheckOutcome } from '../services/attendance/check-outcome';

export enum CheckAttendanceStatus {
  RECORDED = 'RECORDED',
  ALREADY_RECORDED = 'ALREADY_RECORDED',
  FACE_MISMATCH = 'FACE_MISMATCH',
  FACE_NOT_RECOGNIZED = 'FACE_NOT_RECOGNIZED',
  OUTSIDE_OFFICE = 'OUTSIDE_OFFICE',
  EMPLOYEE_NOT_FOUND = 'EMPLOYEE_NOT_FOUND',
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
    EMPLOYEE_NOT_FOUND: { description: 'No active employee has the given employeeId.' },
  },
});

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
      'Cosine similarity of the probe with the best stored template, -1 to 1; null where none was compared.',
  })
  similarity!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Metres between the given position and the employee's office; null where either is unknown.",
  })
  distanceFromOffice!: number | null;

  @Field(() => String, {
    nullable: true,
    description: "The CDN copy of this check's photo; null where it is only stored locally (so far).",
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
  @Field(() => Float, { description: 'The similarity that would have been enough.' })
  threshold!: number;
}

@ObjectType({
  implements: CheckAttendanceResult,
  description: 'No enrolled face is near enough, or two different people are too close to call.',
})
export class FaceNotRecognized extends CheckAttendanceResult {
  @Field(() => Float, { description: 'The similarity that would have been enough.' })
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

/** Every concrete outcome: the schema knows the interface only, so they are named to it. */
export const checkAttendanceResults = [
  AttendanceRecorded,
  AttendanceAlreadyRecorded,
  FaceMismatch,
  FaceNotRecognized,
  OutsideOffice,
  EmployeeNotFound,
];

const DIRECTION = { [AttendanceType.LOGIN]: 'Login', [AttendanceType.LOGOUT]: 'Logout' };
const NOTHING = { similarity: null, distanceFromOffice: null, cloudinaryUrl: null };

/** The service's outcome as the schema's type. */
export function resultOf(outcome: CheckOutcome): CheckAttendanceResult {
  const status = CheckAttendanceStatus[outcome.status];
  switch (outcome.status) {
    case 'RECORDED': {
      const { attendance } = outcome;
      return Object.assign(new AttendanceRecorded(), {
        status,
        message: `${DIRECTION[attendance.type]} recorded successfully!`,
        similarity: attendance.similarity,
        distanceFromOffice: attendance.distanceFromOffice,
        cloudinaryUrl: attendance.image.cloudinaryUrl,
        attendance,
      });
    }
    case 'ALREADY_RECORDED': {
      const { attendance, similarity, distance } = outcome;
      return Object.assign(new AttendanceAlreadyRecorded(), {
        status,
        message: `${DIRECTION[attendance.type]} is already recorded`,
        similarity,
        distanceFromOffice: distance,
        cloudinaryUrl: attendance.image.cloudinaryUrl,
        attendance,
      });
    }
    case 'FACE_MISMATCH': {
      const { similarity, distance, threshold } = outcome;
      const message = 'Face does not match';
      return Object.assign(new FaceMismatch(), {
        ...NOTHING,
        status,
        message,
        similarity,
        distanceFromOffice: distance,
        threshold,
      });
    }
    case 'FACE_NOT_RECOGNIZED': {
      const { similarity, threshold, ambiguous } = outcome;
      const message = ambiguous
        ? 'Face not recognized: two people are too close to call'
        : 'Face not recognized';
      return Object.assign(new FaceNotRecognized(), { ...NOTHING, status, message, similarity, threshold });
    }
    case 'OUTSIDE_OFFICE': {
      const { similarity, distance, office } = outcome;
      const message = `Outside the office: ${Math.round(distance)} m away, ${office.radiusMeters ?? 0} m allowed`;
      return Object.assign(new OutsideOffice(), {
        ...NOTHING,
        status,
        message,
        similarity,
        distanceFromOffice: distance,
        office,
      });
    }
    case 'EMPLOYEE_NOT_FOUND':
      return Object.assign(new EmployeeNotFound(), { ...NOTHING, status, message: 'Employee not found' });
  }
}
