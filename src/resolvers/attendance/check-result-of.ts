import { ObjectType } from 'type-graphql';
import type { Requester } from '../../services/access/requester';
import { HIDDEN, type VisibleScores } from '../../services/access/visible-scores';
import {
  OUTCOMES,
  STATUSES,
  type CheckOutcome,
  type CheckStatus,
  type OutcomeRule,
} from '../../services/attendance/check/outcomes';
import type { StorageService } from '../../services/photos/storage-service';
import {
  AttendanceAlreadyRecorded,
  AttendanceRecorded,
  CheckAttendanceResult,
  FaceMismatch,
  FaceNotRecognized,
  OutsideOffice,
  PositionUncertain,
  ReviewQueued,
} from './check-attendance-result';
import { ChallengeRefused, FaceNotUsable, LivenessFailed } from './check-refusals';

type ResultType = new () => CheckAttendanceResult;

/** The types that have their own fields. */
const WITH_FIELDS: Partial<Readonly<Record<CheckStatus, ResultType>>> = {
  RECORDED: AttendanceRecorded,
  ALREADY_RECORDED: AttendanceAlreadyRecorded,
  FACE_MISMATCH: FaceMismatch,
  FACE_NOT_RECOGNIZED: FaceNotRecognized,
  OUTSIDE_OFFICE: OutsideOffice,
  POSITION_UNCERTAIN: PositionUncertain,
  REVIEW: ReviewQueued,
  FACE_NOT_USABLE: FaceNotUsable,
  CHALLENGE_REFUSED: ChallengeRefused,
  LIVENESS_FAILED: LivenessFailed,
};

/** A type of the schema without its own fields. */
function plainType({ type, about = '' }: OutcomeRule): ResultType {
  const result = class extends CheckAttendanceResult {};
  ObjectType(type, { implements: CheckAttendanceResult, description: about })(result);
  return result;
}

const RESULT_TYPES = Object.fromEntries(
  STATUSES.map((status) => [status, WITH_FIELDS[status] ?? plainType(OUTCOMES[status])]),
) as Record<CheckStatus, ResultType>;

/** Every concrete outcome: the schema knows the interface only, so they are named to it. */
export const checkAttendanceResults = Object.values(RESULT_TYPES);

/**
 * The service's outcome as the schema's type, with as much of the scores as the requester may see. That of the punch in
 * it is decided where it is read.
 */
export function resultOf(
  outcome: CheckOutcome,
  storage: Pick<StorageService, 'cloudinaryUrl'>,
  scores: VisibleScores,
  requester: Requester,
): CheckAttendanceResult {
  const rule: OutcomeRule = OUTCOMES[outcome.status];
  const attendance = 'attendance' in outcome ? outcome.attendance : null;
  const score = {
    similarity: 'similarity' in outcome ? outcome.similarity : null,
    matched: rule.matched === true,
    threshold: 'threshold' in outcome ? outcome.threshold : null,
    // An earlier punch may have been recorded by another descriptor than was sent now.
    sources: ['decidedBy' in outcome ? outcome.decidedBy : null, attendance?.descriptorSource],
  };
  const similarity = scores.of(score, requester);
  const shown = scores.shows(score, requester);
  return Object.assign(new RESULT_TYPES[outcome.status](), {
    distanceFromOffice: null,
    ...outcome,
    // That a face is near to two people says as much as a score.
    message: rule.message(shown ? outcome : { ...outcome, ambiguous: false }),
    hint: rule.hint?.(outcome) ?? null,
    cloudinaryUrl: attendance && storage.cloudinaryUrl(attendance.image),
    similarity,
    similarityOf: similarity !== null && 'similarityOf' in outcome ? outcome.similarityOf : null,
    scores: undefined,
    decidedBy: undefined,
    ...(!shown && 'threshold' in outcome ? { threshold: HIDDEN } : {}),
  });
}
