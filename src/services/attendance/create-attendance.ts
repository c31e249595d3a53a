import type { Base } from '../../base';
import type { LockoutService } from '../access/lockout-service';
import type { KeyContacts } from '../access/key-contacts';
import type { TimeBeacons } from '../access/time-beacon';
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
import { SamePhoto } from './check/same-photo';
import { RefusedChecks } from './check/refused-checks';
import { CorrectionPreviews } from './corrections/correction-preview';
import { CorrectionRequests } from './corrections/correction-requests';
import { TimeEvidence } from './check/time-evidence';
import { CorrectionService } from './corrections/correction-service';
import type { PlannedDirection } from '../working-days/days/planned-direction';
import type { PunchDays } from '../working-days/punches/punch-days';
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
  readonly beacons: TimeBeacons;
  readonly contacts: KeyContacts;
  readonly notes: AuditNotes;
  readonly direction: PlannedDirection;
  readonly punchDays: PunchDays;
}

/** Checks, and the punches that come of them. */
export function createAttendance(
  { config, dataSource, statements, metrics, now, log }: Base,
  { storage, purges }: Photos,
  { reader, gallerySync, matching, thresholds, reindex, replays, copies }: Faces,
  { offices, employees, lockouts, beacons, contacts, notes, direction, punchDays }: Neighbours,
): Attendance {
  const { required, minIntervalSeconds, openLoginMaxHours, positions } = config.checks;
  const challenges = new ChallengeService(statements, offices, employees, reader.seesPhotos, now);
  const feed = new PunchFeed({ dataSource, statements, offices, shared: config.database.url !== null, log });
  const announce = feed.announce.bind(feed);
  purges.push(
    () => challenges.purge(),
    (signal) => replays.purge(signal),
    (signal) => copies.purge(signal),
  );
  const reviews = new ReviewQueue(dataSource, storage, now);
  const attendance = new CheckAttendance({
    reader,
    gallerySync,
    storage,
    challenges,
    required,
    liveness: new LivenessCheck(reader, matching, thresholds.server.samePerson),
    replays,
    copies,
    persons: new PersonMatcher(
      ...([statements, matching, gallerySync, offices, lockouts] as const),
      new SamePhoto(statements, storage.local),
      reindex,
    ),
    punches: new PunchRecorder({
      ...{ dataSource, statements, storage, minIntervalSeconds, openLoginMaxHours, direction },
      evidence: new TimeEvidence(statements, beacons, minIntervalSeconds),
      ...{ reviews, positions, now, announce, metrics },
    }),
    lockouts,
    contacts,
    reviews,
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
    lists: new AttendanceLists(dataSource, employees, punchDays),
    manual: new ManualAttendance(dataSource, now),
    corrections: new CorrectionService(dataSource, correctionFourEyes, now),
    correctionRequests: new CorrectionRequests(dataSource, previews, correctionFourEyes, now),
    previews,
    feed,
    reviews: new ReviewService(dataSource, now),
  };
}
