import type { Base } from '../../base';
import type { LockoutService } from '../access/lockout-service';
import type { AuditNotes } from '../audit/audit-notes';
import type { EmployeeService } from '../employees/employee-service';
import type { Faces } from '../faces/create-faces';
import type { OfficeService } from '../offices/office-service';
import type { Photos } from '../photos/create-photos';
import { ChallengeService } from './check/challenge-service';
import { CheckAttendance } from './check/check-attendance';
import { LivenessCheck } from './check/liveness-check';
import { PersonMatcher } from './check/match-person';
import { PunchRecorder } from './check/record-punch';
import { RefusedChecks } from './check/refused-checks';
import { CorrectionPreviews } from './corrections/correction-preview';
import { CorrectionRequests } from './corrections/correction-requests';
import { CorrectionService } from './corrections/correction-service';
import type { PlannedDirection } from '../working-days/days/planned-direction';
import { AttendanceLists } from './punches/attendance-lists';
import { ManualAttendance } from './punches/manual-attendance';
import { ReviewQueue } from './check/review-queue';
import { ReviewService } from './reviews/review-service';
import { PunchFeed } from './punches/punch-feed';

export interface Attendance {
  readonly attendance: CheckAttendance;
  readonly challenges: ChallengeService;
  readonly lists: AttendanceLists;
  readonly manual: ManualAttendance;
  readonly corrections: CorrectionService;
  readonly correctionRequests: CorrectionRequests;
  readonly previews: CorrectionPreviews;
  readonly feed: PunchFeed;
  readonly reviews: ReviewService;
}

interface Neighbours {
  readonly offices: OfficeService;
  readonly employees: EmployeeService;
  readonly lockouts: LockoutService;
  readonly notes: AuditNotes;
  readonly direction: PlannedDirection;
}

/** Checks, and the punches that come of them. */
export function createAttendance(
  { config, dataSource, statements, metrics, now, log }: Base,
  { storage, purges }: Photos,
  { reader, gallerySync, matching, replays }: Faces,
  { offices, employees, lockouts, notes, direction }: Neighbours,
): Attendance {
  const { required, minIntervalSeconds, openLoginMaxHours, positions } = config.checks;
  const challenges = new ChallengeService(statements, offices, employees, reader.canProveLiveness, now);
  const feed = new PunchFeed({ dataSource, statements, offices, shared: config.database.url !== null, log });
  const announce = feed.announce.bind(feed);
  purges.push(
    () => challenges.purge(),
    (signal) => replays.purge(signal),
  );
  const attendance = new CheckAttendance({
    reader,
    gallerySync,
    storage,
    challenges,
    required,
    liveness: new LivenessCheck(reader, matching, config.faces.samePersonMin),
    replays,
    persons: new PersonMatcher(statements, matching, gallerySync, offices, lockouts),
    punches: new PunchRecorder({
      ...{ dataSource, statements, storage, minIntervalSeconds, openLoginMaxHours, direction },
      ...{ positions, now, announce, metrics },
    }),
    lockouts,
    reviews: new ReviewQueue(dataSource, storage, now),
    refused: new RefusedChecks(lockouts, notes, now),
    metrics,
    now,
    log,
  });
  const { correctionFourEyes } = config.workingDays;
  const previews = new CorrectionPreviews(dataSource, statements, now);
  return {
    attendance,
    challenges,
    lists: new AttendanceLists(dataSource),
    manual: new ManualAttendance(dataSource, now),
    corrections: new CorrectionService(dataSource, correctionFourEyes, now),
    correctionRequests: new CorrectionRequests(dataSource, previews, correctionFourEyes, now),
    previews,
    feed,
    reviews: new ReviewService(dataSource, now),
  };
}
