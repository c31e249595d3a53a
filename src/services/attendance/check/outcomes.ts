import { FACE_FAULT_TEXTS, type FaceFault, type LivenessAction } from '@rollcall/face-rules';
import { type Attendance, AttendanceType } from '../../../entities/attendance.entity';
import type { TemplateSource } from '../../../entities/face-template.entity';
import type { Office } from '../../../entities/office.entity';
import type { SimilarityOf } from '../../../entities/similarity-of';
import type { Scores } from '../../faces/matching/verdict';
import { CHALLENGE_TEXTS, ChallengeRefusal } from './challenge-refusal';
import { LIVENESS_TEXTS, type LivenessFault } from './liveness-fault';

/**
 * What each outcome says besides its status, by the names of the schema. Similarities are cosines, distances metres;
 * null if nothing was compared or known.
 */
interface Answers {
  RECORDED: PunchAnswer;
  ALREADY_RECORDED: PunchAnswer;
  /** @property employee row id of the claimed employee */
  FACE_MISMATCH: Measures & { readonly threshold: number; readonly employee: string };
  /**
   * @property ambiguous two different people are too close to call
   * @property locked row id of the employee whose face it is, whose checks are blocked: the answer hides it
   */
  FACE_NOT_RECOGNIZED: Compared & {
    readonly threshold: number;
    readonly ambiguous: boolean;
    readonly locked?: string;
  };
  OUTSIDE_OFFICE: Measures & { readonly distanceFromOffice: number; readonly office: Office };
  /** @property accuracy in metres */
  POSITION_UNCERTAIN: Measures & { readonly accuracy: number | null; readonly office: Office };
  /**
   * @property elsewhere row id of the employee, if the kiosk must not learn that they belong to another office
   * @property who under which it is counted for the kiosk: that id, or an employeeId that nobody has
   */
  EMPLOYEE_NOT_FOUND: { readonly elsewhere?: string; readonly who?: string };
  FACE_NOT_USABLE: { readonly reason: FaceFault };
  /** @property employee row id of the claimed employee; left out: nobody was claimed */
  DESCRIPTOR_MISMATCH: Compared & { readonly employee?: string };
  REPLAY_DETECTED: object;
  CHALLENGE_REFUSED: { readonly reason: ChallengeRefusal };
  /** @property action of the photo at fault; null: none in particular */
  LIVENESS_FAILED: {
    readonly reason: LivenessFault;
    readonly action: LivenessAction | null;
    readonly faceReason: FaceFault | null;
  };
  OTHER_OFFICE: object;
  REVIEW: { readonly reviewItemId: string; readonly reviewReason: string };
}

interface Compared {
  readonly similarity: number | null;
  readonly similarityOf: SimilarityOf | null;
  /** Both scores, for the audit trail. Left out: an earlier answer is repeated. */
  readonly scores?: Scores;
  /** Whose descriptor decided, even if nobody was there to compare it with. Left out: that of the punch says it. */
  readonly decidedBy?: TemplateSource;
}
interface Measures extends Compared {
  readonly distanceFromOffice: number | null;
}
type PunchAnswer = Measures & { readonly attendance: Attendance };

export type CheckStatus = keyof Answers;
type Outcome<S extends CheckStatus> = { readonly status: S } & Answers[S];
/** What a check ended in. Faults, which are errors, aside. */
export type CheckOutcome = { [S in CheckStatus]: Outcome<S> }[CheckStatus];

/** All that the service has to know of an outcome. What follows: the schema, the answer, the audit trail, lockouts. */
export interface OutcomeRule<S extends CheckStatus = CheckStatus> {
  /** Its GraphQL type. */
  readonly type: string;
  /** The type's own fields; if there are some its class is in resolvers/attendance. */
  readonly fields: readonly string[];
  /** Descriptions of the status, and of a type without fields. */
  readonly status: string;
  readonly about?: string;
  message(outcome: Outcome<S>): string;
  /** What the person can do about it. */
  hint?(outcome: Outcome<S>): string | null;
  /** Whether the face matched. EXPOSE_SIMILARITY=match shows scores of matches only. */
  readonly matched?: true;
  /** Whether the audit trail has it, since somebody may be trying. @param kiosk whether a kiosk sent the check */
  readonly audited?: (kiosk: boolean) => boolean;
  /** What the audit trail says of the reason. */
  auditReason?(outcome: Outcome<S>): string | null;
  /** Whether it counts as a refused face, towards the lockout of the key that sent it. */
  counts?(outcome: Outcome<S>, kiosk: boolean): boolean;
}

const always = (): boolean => true;
const DIRECTION = { [AttendanceType.LOGIN]: 'Login', [AttendanceType.LOGOUT]: 'Logout' };

/** The outcomes. A new one is an entry here and in `Answers`, and its texts in web/src/messages. */
export const OUTCOMES: { readonly [S in CheckStatus]: OutcomeRule<S> } = {
  RECORDED: {
    type: 'AttendanceRecorded',
    fields: ['attendance', 'notices'],
    status: 'The punch is recorded.',
    message: ({ attendance }) => `${DIRECTION[attendance.type]} recorded successfully!`,
    matched: true,
  },
  ALREADY_RECORDED: {
    type: 'AttendanceAlreadyRecorded',
    fields: ['attendance', 'notices'],
    status: 'The same punch was sent before. The earlier punch is returned.',
    message: ({ attendance }) => `${DIRECTION[attendance.type]} is already recorded`,
    matched: true,
  },
  FACE_MISMATCH: {
    type: 'FaceMismatch',
    fields: ['threshold'],
    status: 'The face does not match the claimed employee.',
    message: () => 'Face does not match',
    audited: always,
    counts: always,
  },
  FACE_NOT_RECOGNIZED: {
    type: 'FaceNotRecognized',
    fields: ['threshold'],
    status: 'No template is similar enough, or two employees are too similar to decide.',
    message: ({ ambiguous }) =>
      ambiguous ? 'Face not recognized: two employees are too similar to decide' : 'Face not recognized',
    audited: always,
    auditReason: ({ locked }) => (locked === undefined ? null : 'EMPLOYEE_LOCKED'),
    counts: always,
  },
  OUTSIDE_OFFICE: {
    type: 'OutsideOffice',
    fields: ['office'],
    status: "The position is outside the office's geofence.",
    message: ({ distanceFromOffice, office }) =>
      `Outside the office: ${Math.round(distanceFromOffice)} m away, ${office.radiusMeters ?? 0} m allowed`,
    matched: true,
  },
  POSITION_UNCERTAIN: {
    type: 'PositionUncertain',
    fields: ['office', 'hint'],
    status: 'The position is too inaccurate or too old to tell inside from outside.',
    message: ({ distanceFromOffice, accuracy }) =>
      `Position uncertain: ${Math.round(distanceFromOffice ?? 0)} m away, give or take ${Math.round(accuracy ?? 0)} m`,
    hint: () =>
      'Wait for a better position: go near a window or outside, and allow the precise location. Then try again.',
    matched: true,
  },
  EMPLOYEE_NOT_FOUND: {
    type: 'EmployeeNotFound',
    fields: [],
    status:
      'No active employee has this employeeId. A kiosk that takes no visitors also gets this answer for employees of ' +
      'other offices, unless their face matches.',
    about: 'No active employee has this employeeId.',
    message: () => 'Employee not found',
    // A kiosk may be trying employeeIds; everybody else may list the employees.
    audited: (kiosk) => kiosk,
    auditReason: ({ elsewhere }) => (elsewhere === undefined ? null : 'OTHER_OFFICE'),
    counts: (_, kiosk) => kiosk,
  },
  FACE_NOT_USABLE: {
    type: 'FaceNotUsable',
    fields: ['reason', 'hint'],
    status: 'No usable face in the photo. Take another one.',
    message: ({ reason }) => FACE_FAULT_TEXTS[reason].message,
    hint: ({ reason }) => FACE_FAULT_TEXTS[reason].hint,
  },
  DESCRIPTOR_MISMATCH: {
    type: 'DescriptorMismatch',
    fields: [],
    status: 'The photo and the descriptor contradict each other.',
    about:
      'The photo and the descriptor contradict each other: one matches the employee, the other does not ' +
      '(FACE_DESCRIPTOR_TRUST=verify).',
    message: () => 'The face descriptor does not belong to the photo',
    audited: always,
    counts: always,
  },
  REPLAY_DETECTED: {
    type: 'ReplayDetected',
    fields: [],
    status:
      'The photo or descriptor, or a copy of the photo, was sent before. A live camera never repeats a photo.',
    about:
      'The photo or descriptor is identical to one from an earlier check or enrolment, or the photo is a copy of one ' +
      '(REPLAY_WINDOW_DAYS).',
    message: () => 'This photo was sent before; take a new one',
    audited: always,
    counts: always,
  },
  CHALLENGE_REFUSED: {
    type: 'ChallengeRefused',
    fields: ['reason'],
    status: 'The challenge is missing, used, expired, or was made for another check.',
    message: ({ reason }) => CHALLENGE_TEXTS[reason],
    audited: always,
    auditReason: ({ reason }) => reason,
    // A kiosk that brings the challenge of somebody else may be trying employeeIds.
    counts: ({ reason }, kiosk) => kiosk && reason === ChallengeRefusal.FOREIGN,
  },
  LIVENESS_FAILED: {
    type: 'LivenessFailed',
    fields: ['reason', 'action', 'faceReason', 'hint'],
    status: 'The photos do not show the actions that the challenge asks for.',
    message: ({ reason, faceReason }) =>
      faceReason === null ? LIVENESS_TEXTS[reason] : FACE_FAULT_TEXTS[faceReason].message,
    hint: ({ faceReason }) => (faceReason === null ? null : FACE_FAULT_TEXTS[faceReason].hint),
    audited: always,
    auditReason: ({ reason }) => reason,
    counts: always,
  },
  REVIEW: {
    type: 'ReviewQueued',
    fields: ['reviewItemId', 'reviewReason'],
    status: 'A saved check was refused. HR decides about it; it need not be sent again.',
    message: () => 'Saved for review',
  },
  OTHER_OFFICE: {
    type: 'OtherOffice',
    fields: [],
    status: 'The employee belongs to another office than this kiosk.',
    about:
      'The person is an employee of another office, and this kiosk takes no visitors. If the face does not match, the ' +
      'kiosk gets EmployeeNotFound, as if there were no such employee.',
    message: () => 'This office takes no visitors; punch at your own office',
    audited: always,
  },
};

export const STATUSES = Object.keys(OUTCOMES) as CheckStatus[];
