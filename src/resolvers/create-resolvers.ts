import type { Areas } from '../areas';
import type { Config } from '../config/config';
import type { VisibleScores } from '../services/access/visible-scores';
import { ApiKeyResolver } from './api-key.resolver';
import { AttendanceResolver } from './attendance/attendance.resolver';
import { CorrectedAttendanceResolver, CorrectionResolver } from './attendance/correction.resolver';
import { ManualAttendanceResolver } from './attendance/manual-attendance.resolver';
import { ReviewResolver } from './attendance/review.resolver';
import { PunchFeedResolver } from './attendance/punch-feed.resolver';
import { WorkDayCorrectionsResolver } from './attendance/work-day-corrections.resolver';
import {
  EarlierNoticesResolver,
  PunchDateResolver,
  RecordedNoticesResolver,
} from './attendance/punch-days.resolver';
import { AuditResolver } from './audit.resolver';
import { ChallengeResolver } from './challenge.resolver';
import { EmployeeLifeResolver } from './employees/employee-life.resolver';
import { EmployeeResolver } from './employees/employee.resolver';
import { FaceTemplateResolver } from './employees/face-template.resolver';
import { OfficeHistoryResolver } from './employees/office-history.resolver';
import { EncryptionResolver } from './encryption.resolver';
import { FaceReindexResolver } from './face-reindex.resolver';
import { ErasureResolver } from './erasure.resolver';
import { KioskResolver } from './kiosk.resolver';
import { LockoutResolver } from './lockout.resolver';
import { MatchingReportResolver } from './matching-report/matching-report.resolver';
import { OfficeResolver } from './office.resolver';
import { StorageResolver } from './storage.resolver';
import { AbsenceResolver } from './working-days/absence.resolver';
import { AssignmentResolver } from './working-days/assignment.resolver';
import { HolidayResolver } from './working-days/holiday.resolver';
import { ScheduleDayResolver, ScheduleResolver } from './working-days/schedule.resolver';
import { DayPlanResolver } from './working-days/day-plan.resolver';
import { OvertimeResolver } from './working-days/overtime.resolver';
import { ReportResolver } from './working-days/report.resolver';
import { ShiftResolver } from './working-days/shift.resolver';
import { WorkRulesResolver } from './working-days/rules/work-rules.resolver';
import { MusterResolver } from './working-days/days/muster.resolver';
import { TimesheetResolver } from './working-days/days/timesheet.resolver';
import { WorkDayResolver } from './working-days/days/work-day.resolver';
import { WorkDayStepResolver, WorkSpanResolver } from './working-days/days/work-day.types';
import { WorkTotalsResolver } from './working-days/days/work-totals.resolver';
import { instancesOf } from './schema';

/** Each resolver with what it hands off to. */
export function createResolvers(
  config: Config,
  areas: Areas,
  scores: VisibleScores,
  now: () => Date,
): ReturnType<typeof instancesOf> {
  const { access, attendance, audit, employees, faces, offices, photos, plans, privacy } = areas;
  const { days, punches } = areas;
  const { required, positions } = config.checks;
  const { noteRead } = audit;
  return instancesOf(
    new FaceReindexResolver(faces.reindex),
    new OfficeResolver(offices),
    new EmployeeLifeResolver(employees.activity, employees.consents, privacy.tickets, areas.publicUrl),
    new ErasureResolver(privacy.erasures, privacy.progressOf),
    new ManualAttendanceResolver(attendance.manual),
    new CorrectionResolver(
      attendance.corrections,
      attendance.correctionRequests,
      attendance.previews,
      noteRead,
    ),
    new CorrectedAttendanceResolver(),
    new PunchDateResolver(),
    new RecordedNoticesResolver(punches.missingLogouts),
    new EarlierNoticesResolver(punches.missingLogouts),
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
    new OfficeHistoryResolver(),
    new WorkDayResolver(days.timesheets, days.lists, days.people, noteRead),
    new WorkDayCorrectionsResolver(days.corrections),
    new WorkSpanResolver(),
    new WorkDayStepResolver(),
    new TimesheetResolver(days.timesheets, days.people, noteRead),
    new WorkTotalsResolver(days.totals, days.people, noteRead),
    new MusterResolver(days.muster, config.access.kioskMuster, noteRead),
    new DayPlanResolver(plans.dayPlans, plans.planned),
    new OvertimeResolver(plans.overtime),
    new ReportResolver(areas.files),
    new ShiftResolver(plans.shifts),
    new ScheduleResolver(plans.schedules),
    new ScheduleDayResolver(),
    new WorkRulesResolver(plans.rules),
    new AssignmentResolver(plans.assignments),
    new HolidayResolver(plans.holidays, plans.holidayImport),
    new AbsenceResolver(plans.absences, plans.absenceImport),
  );
}
