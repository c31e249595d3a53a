import type { Base } from '../../base';
import type { LockoutService } from '../access/lockout-service';
import type { AuditNotes } from '../audit/audit-notes';
import type { EmployeeService } from '../employees/employee-service';
import type { Faces } from '../faces/create-faces';
import type { OfficeService } from '../offices/office-service';
import type { Photos } from '../photos/create-photos';
import { AttendanceService } from './attendance-service';
import { ChallengeService } from './check/challenge-service';
import { CheckAdmission } from './check/check-admission';
import { FaceCheck } from './check/face-check';
import { LivenessCheck } from './check/liveness-check';
import { RefusedChecks } from './check/refused-checks';
import { AttendanceLists } from './punches/attendance-lists';
import { ManualAttendance } from './punches/manual-attendance';
import { PunchFeed } from './punches/punch-feed';
import { PunchRecorder } from './punches/punch-recorder';

export interface Attendance {
  readonly attendance: AttendanceService;
  readonly challenges: ChallengeService;
  readonly lists: AttendanceLists;
  readonly manual: ManualAttendance;
  readonly feed: PunchFeed;
}

interface Neighbours {
  readonly offices: OfficeService;
  readonly employees: EmployeeService;
  readonly lockouts: LockoutService;
  readonly notes: AuditNotes;
}

/** Checks, and the punches that come of them. */
export function createAttendance(
  { config, dataSource, statements, now, log }: Base,
  { storage, purges }: Photos,
  { reader, gallerySync, matching, replays }: Faces,
  { offices, employees, lockouts, notes }: Neighbours,
): Attendance {
  const { required, minIntervalSeconds } = config.checks;
  const challenges = new ChallengeService(statements, offices, employees, reader.canProveLiveness, now);
  const feed = new PunchFeed({ dataSource, statements, offices, shared: config.database.url !== null, log });
  const announce = (id: string): void => feed.announce(id);
  purges.push(
    () => challenges.purge(),
    (signal) => replays.purge(signal),
  );
  const attendance = new AttendanceService({
    reader,
    gallerySync,
    storage,
    admission: new CheckAdmission(challenges, required),
    liveness: new LivenessCheck(reader, matching, config.faces.samePersonMin),
    replays,
    faces: new FaceCheck(statements, matching, gallerySync, offices, lockouts),
    punches: new PunchRecorder(dataSource, statements, storage, minIntervalSeconds, now, announce),
    lockouts,
    refused: new RefusedChecks(lockouts, notes, now),
    now,
    log,
  });
  return {
    attendance,
    challenges,
    lists: new AttendanceLists(dataSource),
    manual: new ManualAttendance(dataSource, now),
    feed,
  };
}
