import type { Areas } from '../areas';
import type { Base } from '../base';
import type { VisibleScores } from '../services/access/visible-scores';
import { ApiKeyResolver } from './api-key.resolver';
import { AttendanceResolver } from './attendance/attendance.resolver';
import { CorrectedAttendanceResolver, CorrectionResolver } from './attendance/correction.resolver';
import { ManualAttendanceResolver } from './attendance/manual-attendance.resolver';
import { ReviewResolver } from './attendance/review.resolver';
import { PunchFeedResolver } from './attendance/punch-feed.resolver';
import { AuditResolver } from './audit.resolver';
import { ChallengeResolver } from './challenge.resolver';
import { EmployeeLifeResolver } from './employees/employee-life.resolver';
import { EmployeeResolver } from './employees/employee.resolver';
import { FaceTemplateResolver } from './employees/face-template.resolver';
import { EncryptionResolver } from './encryption.resolver';
import { FaceReindexResolver } from './face-reindex.resolver';
import { ErasureResolver } from './erasure.resolver';
import { KioskResolver } from './kiosk.resolver';
import { LockoutResolver } from './lockout.resolver';
import { MatchingReportResolver } from './matching-report/matching-report.resolver';
import { OfficeResolver } from './office.resolver';
import { StorageResolver } from './storage.resolver';
import { instancesOf } from './schema';

/** Each resolver with what it hands off to. */
export function createResolvers(
  { config, now }: Base,
  areas: Areas,
  scores: VisibleScores,
): ReturnType<typeof instancesOf> {
  const { access, attendance, audit, employees, faces, offices, photos, privacy } = areas;
  const { required, positions } = config.checks;
  const { noteRead } = audit;
  return instancesOf(
    new FaceReindexResolver(faces.reindex),
    new OfficeResolver(offices),
    new EmployeeLifeResolver(employees.activity, employees.consents, privacy.tickets, areas.publicUrl),
    new ErasureResolver(privacy.erasures, privacy.progressOf),
    new ManualAttendanceResolver(attendance.manual),
    new CorrectionResolver(attendance.corrections),
    new CorrectedAttendanceResolver(),
    new AuditResolver(audit.list),
    new EmployeeResolver(employees.employees, employees.registration, photos.storage),
    new FaceTemplateResolver(employees.templates),
    new MatchingReportResolver(areas.reports.calibration, scores, noteRead),
    new ApiKeyResolver(access.apiKeys),
    new AttendanceResolver(attendance.attendance, attendance.lists, photos.storage, scores, noteRead),
    new ChallengeResolver(attendance.challenges),
    new KioskResolver(access.pairings, {
      requireChallenge: required.challenge || required.liveness,
      requireLiveness: required.liveness,
      computesDescriptors: faces.engine !== null,
      positionMaxAgeSeconds: positions.maxAgeSeconds,
      positionMaxAccuracyMeters: positions.maxAccuracyMeters,
    }),
    new PunchFeedResolver(noteRead),
    new ReviewResolver(attendance.reviews, photos.storage, noteRead),
    new LockoutResolver(access.lockouts),
    new EncryptionResolver(areas.rotation, audit.noteRotation),
    new StorageResolver(photos.storage, photos.ledger, photos.discarded, now),
  );
}
