import { FACE_FAULT_TEXTS } from '@rollcall/face-rules';
import { Attendance, AttendanceType } from '../../entities/attendance.entity';
import type { StoredImage } from '../../entities/stored-image';
import type { ExposeSimilarity } from '../../config/config';
import type { CheckOutcome } from '../../services/attendance/check/check-outcome';
import type { LivenessFault } from '../../services/attendance/check/liveness-check';
import type { ChallengeRefusal } from '../../services/attendance/check/challenge-refusal';
import {
  AttendanceAlreadyRecorded,
  AttendanceRecorded,
  type CheckAttendanceResult,
  CheckAttendanceStatus,
  EmployeeNotFound,
  FaceMismatch,
  FaceNotRecognized,
  OutsideOffice,
} from './check-attendance-result';
import {
  ChallengeRefused,
  DescriptorMismatch,
  FaceNotUsable,
  LivenessFailed,
  OtherOffice,
  ReplayDetected,
} from './check-refusals';

/** Every concrete outcome: the schema knows the interface only, so they are named to it. */
export const checkAttendanceResults = [
  AttendanceRecorded,
  AttendanceAlreadyRecorded,
  FaceMismatch,
  FaceNotRecognized,
  OutsideOffice,
  EmployeeNotFound,
  FaceNotUsable,
  DescriptorMismatch,
  ReplayDetected,
  ChallengeRefused,
  LivenessFailed,
  OtherOffice,
];

const DIRECTION = { [AttendanceType.LOGIN]: 'Login', [AttendanceType.LOGOUT]: 'Logout' };
/** Outcomes of a face that matched. */
const MATCHES: ReadonlySet<CheckOutcome['status']> = new Set([
  'RECORDED',
  'ALREADY_RECORDED',
  'OUTSIDE_OFFICE',
]);
/** What stands for a score that is not told where the schema has no null for it. */
const UNTOLD = 1;
const NOT_RECOGNIZED = 'Face not recognized';
const NOTHING = { similarity: null, distanceFromOffice: null, cloudinaryUrl: null };

const CHALLENGE_TEXTS: Readonly<Record<ChallengeRefusal, string>> = {
  MISSING: 'Challenge required; create one with createChallenge',
  UNKNOWN: 'Challenge not found; create another one',
  EXPIRED: 'Challenge expired; create another one',
  USED: 'Challenge already used; create another one',
  FOREIGN: 'The challenge was made for another check',
  WITHOUT_LIVENESS: 'Challenge with liveness: true required',
};

const LIVENESS_TEXTS: Readonly<Record<LivenessFault, string>> = {
  ACTION_NOT_SHOWN: 'A photo does not show the requested action',
  FACE_NOT_USABLE: 'No usable face in a photo',
  ANOTHER_PERSON: 'The photos show different people',
  SAME_PICTURE: 'Two photos are identical',
};

/**
 * The service's outcome as the schema's type, with as much of the scores as may be told.
 * @param cloudinaryUrlOf the address of a photo's copy on the CDN, as it is handed out
 */
export function resultOf(
  outcome: CheckOutcome,
  cloudinaryUrlOf: CloudinaryUrlOf,
  expose: ExposeSimilarity,
): CheckAttendanceResult {
  const result = typed(outcome, cloudinaryUrlOf);
  if (expose === 'always' || (expose === 'match' && MATCHES.has(outcome.status))) return result;
  result.similarity = null;
  if (result instanceof FaceMismatch || result instanceof FaceNotRecognized) result.threshold = UNTOLD;
  // That a face is near to two people says as much as a score.
  if (result instanceof FaceNotRecognized) result.message = NOT_RECOGNIZED;
  if (result instanceof AttendanceRecorded || result instanceof AttendanceAlreadyRecorded) {
    // A copy: what is kept, and what others may read later, stays as it is.
    result.attendance = Object.assign(new Attendance(), result.attendance, { similarity: UNTOLD });
  }
  return result;
}

type CloudinaryUrlOf = (image: StoredImage) => string | null;

/** The service's outcome as the schema's type. */
function typed(outcome: CheckOutcome, cloudinaryUrlOf: CloudinaryUrlOf): CheckAttendanceResult {
  const status = CheckAttendanceStatus[outcome.status];
  switch (outcome.status) {
    case 'RECORDED': {
      const { attendance } = outcome;
      return Object.assign(new AttendanceRecorded(), {
        status,
        message: `${DIRECTION[attendance.type]} recorded successfully!`,
        similarity: attendance.similarity,
        distanceFromOffice: attendance.distanceFromOffice,
        cloudinaryUrl: cloudinaryUrlOf(attendance.image),
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
        cloudinaryUrl: cloudinaryUrlOf(attendance.image),
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
        ? `${NOT_RECOGNIZED}: two employees are too similar to decide`
        : NOT_RECOGNIZED;
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
    case 'OTHER_OFFICE': {
      const message = 'This office takes no visitors; punch at your own office';
      return Object.assign(new OtherOffice(), { ...NOTHING, status, message });
    }
    case 'FACE_NOT_USABLE': {
      const { message, hint } = FACE_FAULT_TEXTS[outcome.fault];
      return Object.assign(new FaceNotUsable(), { ...NOTHING, status, message, hint, reason: outcome.fault });
    }
    case 'DESCRIPTOR_MISMATCH': {
      const message = 'The face descriptor does not belong to the photo';
      const { similarity } = outcome;
      return Object.assign(new DescriptorMismatch(), { ...NOTHING, status, message, similarity });
    }
    case 'REPLAY_DETECTED':
      return Object.assign(new ReplayDetected(), {
        ...NOTHING,
        status,
        message: 'This photo was sent before; take a new one',
      });
    case 'CHALLENGE_REFUSED':
      return Object.assign(new ChallengeRefused(), {
        ...NOTHING,
        status,
        message: CHALLENGE_TEXTS[outcome.refusal],
        reason: outcome.refusal,
      });
    case 'LIVENESS_FAILED': {
      const { fault, action, faceFault } = outcome;
      const { message, hint } =
        faceFault === null ? { message: LIVENESS_TEXTS[fault], hint: null } : FACE_FAULT_TEXTS[faceFault];
      return Object.assign(new LivenessFailed(), {
        ...NOTHING,
        status,
        message,
        reason: fault,
        action,
        faceReason: faceFault,
        hint,
      });
    }
  }
}
