import type { FaceFault } from '@rollcall/face-rules';
import type { Attendance } from '../../../entities/attendance.entity';
import type { Office } from '../../../entities/office.entity';
import type { Position } from './geofence';
import type { ChallengeRefused } from './check-admission';
import type { CheckSubject } from './check-subject';
import type { Checker } from './checker';
import type { LivenessFailed } from './liveness-check';

/** The face is the employee's; what the geofence and the punch rules make of it is still open. */
export interface Matched {
  readonly status: 'MATCHED';
  readonly subject: CheckSubject;
  readonly similarity: number;
  readonly position: Position | null;
  readonly distance: number | null;
  /** The office where the employee is a visitor; null: they punch for their own. */
  readonly visiting: Office | null;
}

/** What came of a check. Similarities are cosines, distances metres; null where nothing was compared or known. */
export type CheckOutcome =
  | { readonly status: 'RECORDED'; readonly attendance: Attendance }
  | {
      readonly status: 'ALREADY_RECORDED';
      readonly attendance: Attendance;
      readonly similarity: number | null;
      readonly distance: number | null;
    }
  | {
      readonly status: 'FACE_MISMATCH';
      /** Row id of who was claimed. */
      readonly employee: string;
      readonly similarity: number | null;
      readonly distance: number | null;
      readonly threshold: number;
    }
  | {
      readonly status: 'FACE_NOT_RECOGNIZED';
      readonly similarity: number | null;
      readonly threshold: number;
      /** Two different people are too close to call. */
      readonly ambiguous: boolean;
    }
  | {
      readonly status: 'OUTSIDE_OFFICE';
      readonly similarity: number;
      readonly distance: number;
      readonly office: Office;
    }
  | {
      readonly status: 'EMPLOYEE_NOT_FOUND';
      /** Row id of the employee, who is of another office than the kiosk's, which is not told. */
      readonly elsewhere?: string;
    }
  /** The face is theirs, at a kiosk of another office, which takes no visitors. */
  | { readonly status: 'OTHER_OFFICE' }
  | { readonly status: 'FACE_NOT_USABLE'; readonly fault: FaceFault }
  /** The descriptor that was sent is not that of the photo. */
  | { readonly status: 'DESCRIPTOR_MISMATCH'; readonly similarity: number }
  /** Photo or descriptor were shown before. */
  | { readonly status: 'REPLAY_DETECTED' }
  | ChallengeRefused
  | LivenessFailed;

/** What of a refusal the audit trail has to know, since somebody may be trying; null: nobody is. */
export function refusalOf(
  outcome: CheckOutcome,
  { kioskOffice }: Pick<Checker, 'kioskOffice'>,
): { outcome: string; details?: { reason: string } } | null {
  switch (outcome.status) {
    case 'FACE_MISMATCH':
    case 'FACE_NOT_RECOGNIZED':
    case 'OTHER_OFFICE':
    case 'DESCRIPTOR_MISMATCH':
    case 'REPLAY_DETECTED':
      return { outcome: outcome.status };
    case 'EMPLOYEE_NOT_FOUND': {
      // Everybody else may list the employees.
      if (kioskOffice === null) return null;
      const details = outcome.elsewhere !== undefined ? { details: { reason: 'OTHER_OFFICE' } } : {};
      return { outcome: outcome.status, ...details };
    }
    case 'CHALLENGE_REFUSED':
      return { outcome: outcome.status, details: { reason: outcome.refusal } };
    case 'LIVENESS_FAILED':
      return { outcome: outcome.status, details: { reason: outcome.fault } };
    case 'RECORDED':
    case 'ALREADY_RECORDED':
    case 'OUTSIDE_OFFICE':
    case 'FACE_NOT_USABLE':
      return null;
  }
}
