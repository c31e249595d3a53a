import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { buildSchema, type BuildSchemaOptions } from 'type-graphql';
import type { PunchFeed } from '../services/attendance/punches/punch-feed';
import { ApiKeyResolver } from './api-key.resolver';
import { AttendanceResolver } from './attendance/attendance.resolver';
import { WorkDayCorrectionsResolver } from './attendance/work-day-corrections.resolver';
import { AuditResolver } from './audit.resolver';
import { ChallengeResolver } from './challenge.resolver';
import { checkAttendanceResults } from './attendance/check-result-of';
import { CorrectedAttendanceResolver, CorrectionResolver } from './attendance/correction.resolver';
import { EmployeeLifeResolver } from './employees/employee-life.resolver';
import { EmployeeResolver } from './employees/employee.resolver';
import { OfficeHistoryResolver } from './employees/office-history.resolver';
import { EncryptionResolver } from './encryption.resolver';
import { FaceReindexResolver } from './face-reindex.resolver';
import { ErasureResolver } from './erasure.resolver';
import { guard } from './access-policy/access-policy';
import { FaceTemplateResolver } from './employees/face-template.resolver';
import { LockoutResolver } from './lockout.resolver';
import { ManualAttendanceResolver } from './attendance/manual-attendance.resolver';
import { MatchingReportResolver } from './matching-report/matching-report.resolver';
import { KioskResolver } from './kiosk.resolver';
import { OfficeResolver } from './office.resolver';
import { PunchFeedResolver, pubSubOf } from './attendance/punch-feed.resolver';
import {
  EarlierNoticesResolver,
  PunchDateResolver,
  RecordedNoticesResolver,
} from './attendance/punch-days.resolver';
import { ReviewResolver } from './attendance/review.resolver';
import { readTypedText } from './typed-text';
import { StorageResolver } from './storage.resolver';
import { boundTexts } from './text-bounds';
import { MusterResolver } from './working-days/days/muster.resolver';
import { TimesheetResolver } from './working-days/days/timesheet.resolver';
import { WorkDayResolver } from './working-days/days/work-day.resolver';
import { WorkDayStepResolver, WorkSpanResolver } from './working-days/days/work-day.types';
import { WorkTotalsResolver } from './working-days/days/work-totals.resolver';
import { AbsenceResolver } from './working-days/absence.resolver';
import { AssignmentResolver } from './working-days/assignment.resolver';
import { HolidayResolver } from './working-days/holiday.resolver';
import { ScheduleDayResolver, ScheduleResolver } from './working-days/schedule.resolver';
import { DayPlanResolver } from './working-days/day-plan.resolver';
import { OvertimeResolver } from './working-days/overtime.resolver';
import { ReportResolver } from './working-days/report.resolver';
import { ShiftResolver } from './working-days/shift.resolver';
import { WorkRulesResolver } from './working-days/rules/work-rules.resolver';

/** An instance of each resolver, by its class. */
type ResolverInstances = ReadonlyMap<unknown, object>;

export const instancesOf = (...resolvers: readonly object[]): ResolverInstances =>
  new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));

/**
 * Builds the executable schema over these resolvers, behind the gate.
 * @param feed what subscriptions watch; null: they cannot
 */
export async function createSchema(
  resolvers: ResolverInstances,
  feed: PunchFeed | null = null,
): Promise<GraphQLSchema> {
  const options: BuildSchemaOptions = {
    resolvers: [
      ApiKeyResolver,
      AttendanceResolver,
      AuditResolver,
      ChallengeResolver,
      CorrectedAttendanceResolver,
      CorrectionResolver,
      EarlierNoticesResolver,
      EmployeeLifeResolver,
      EmployeeResolver,
      EncryptionResolver,
      FaceReindexResolver,
      ErasureResolver,
      FaceTemplateResolver,
      KioskResolver,
      LockoutResolver,
      ManualAttendanceResolver,
      MatchingReportResolver,
      MusterResolver,
      OfficeResolver,
      PunchDateResolver,
      PunchFeedResolver,
      RecordedNoticesResolver,
      ReviewResolver,
      StorageResolver,
      TimesheetResolver,
      WorkDayCorrectionsResolver,
      WorkDayResolver,
      WorkDayStepResolver,
      WorkSpanResolver,
      WorkTotalsResolver,
      AbsenceResolver,
      AssignmentResolver,
      HolidayResolver,
      ScheduleDayResolver,
      ScheduleResolver,
      OfficeHistoryResolver,
      DayPlanResolver,
      OvertimeResolver,
      ReportResolver,
      ShiftResolver,
      WorkRulesResolver,
    ],
    orphanedTypes: checkAttendanceResults,
    container: { get: (type) => resolvers.get(type) },
    pubSub: pubSubOf(feed),
    // It answers a whole introspection query, half of the time of building; Apollo Server checks the schema, too.
    skipCheck: true,
    // Without these an error would echo the whole input, photo and descriptor included.
    validate: { forbidUnknownValues: false, validationError: { target: false, value: false } },
  };
  const schema = await buildSchema(options);
  // TypeGraphQL has no place to describe the root types, which explorers show first.
  describe(schema.getQueryType(), 'Queries.');
  describe(schema.getMutationType(), 'Mutations.');
  describe(schema.getSubscriptionType(), 'Subscriptions.');
  readTypedText(schema.getQueryType());
  readTypedText(schema.getMutationType());
  boundTexts(schema);
  return guard(schema);
}

function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type != null) type.description = description;
}
