import { Role } from '../../entities/role';
import { RollcallError } from '../../errors';
import { OUTCOMES } from '../../services/attendance/check/outcomes';

const { ADMIN, HR, KIOSK, VIEWER } = Role;

/** Who manages people. */
const STAFF = [ADMIN, HR];
const READERS = [ADMIN, HR, VIEWER];
const EVERYBODY = [ADMIN, HR, VIEWER, KIOSK];

/** What needs no key at all, since it is how one is had. Nothing else ever is; a test holds that. */
export const PUBLIC_OPERATIONS: readonly string[] = ['Mutation.redeemKioskPairing'];

/** Plans of working time. */
const PLAN_OPERATIONS = {
  // A viewer reads no kinds.
  'Query.absences': READERS,
  'Query.corrections': STAFF,
  'Query.dayPlans': READERS,
  'Query.holidays': READERS,
  // A kiosk may only see its own office, if KIOSK_MUSTER allows it.
  'Query.muster': EVERYBODY,
  'Query.scheduleAssignments': READERS,
  'Query.schedules': READERS,
  'Query.shifts': READERS,
  'Query.timesheet': READERS,
  'Query.timesheets': READERS,
  'Query.workDay': READERS,
  'Query.workDays': READERS,
  'Query.workRules': READERS,
  'Query.workTotals': READERS,
  'Mutation.addHoliday': STAFF,
  'Mutation.addWorkRulesVersion': STAFF,
  'Mutation.archiveSchedule': STAFF,
  'Mutation.archiveShift': STAFF,
  'Mutation.assignSchedule': STAFF,
  'Mutation.cancelAbsence': STAFF,
  'Mutation.createReportLink': STAFF,
  'Mutation.createSchedule': STAFF,
  'Mutation.createShift': STAFF,
  'Mutation.createWorkRules': STAFF,
  'Mutation.decideCorrection': STAFF,
  'Mutation.decideOvertime': STAFF,
  'Mutation.endAssignment': STAFF,
  'Mutation.importAbsences': STAFF,
  'Mutation.importHolidays': STAFF,
  'Mutation.recordAbsence': STAFF,
  'Mutation.removeHoliday': STAFF,
  'Mutation.requestCorrection': STAFF,
  'Mutation.setDayPlans': STAFF,
  'Mutation.updateSchedule': STAFF,
  'Mutation.updateShift': STAFF,
  'Mutation.withdrawCorrection': STAFF,
};

/**
 * Which roles may call an operation. An operation that is not listed is forbidden for everybody; a test checks the
 * whole schema.
 */
export const OPERATIONS: Readonly<Record<string, readonly Role[]>> = {
  ...PLAN_OPERATIONS,
  'Query.apiKeys': [ADMIN],
  'Query.attendances': READERS,
  'Query.auditLog': [ADMIN],
  'Query.employee': READERS,
  'Query.employees': READERS,
  'Query.encryptionStatus': [ADMIN],
  'Query.faceReindexStatus': [ADMIN, HR],
  'Query.erasure': STAFF,
  'Query.erasures': STAFF,
  'Query.kioskSettings': EVERYBODY,
  'Query.lockouts': STAFF,
  'Query.matchingReport': STAFF,
  // A kiosk sees its own office only.
  'Query.offices': EVERYBODY,
  'Query.reviewItems': STAFF,
  'Query.storageStatus': READERS,
  'Mutation.acceptReviewItem': STAFF,
  'Mutation.addFaceTemplate': STAFF,
  // A kiosk for its own office only.
  'Mutation.checkAttendance': [ADMIN, HR, KIOSK],
  'Mutation.correctAttendance': STAFF,
  'Mutation.createApiKey': [ADMIN],
  'Mutation.createChallenge': [ADMIN, HR, KIOSK],
  'Mutation.createKioskPairing': [ADMIN],
  'Mutation.createOffice': STAFF,
  'Mutation.deactivateEmployee': STAFF,
  'Mutation.deleteOffice': STAFF,
  'Mutation.dismissReviewItem': STAFF,
  'Mutation.eraseEmployee': STAFF,
  'Mutation.exportEmployeeData': STAFF,
  'Mutation.liftLockout': STAFF,
  'Mutation.reactivateEmployee': STAFF,
  'Mutation.recordConsent': STAFF,
  'Mutation.recordManualAttendance': STAFF,
  // Everybody, and nobody: see PUBLIC_OPERATIONS.
  'Mutation.redeemKioskPairing': EVERYBODY,
  'Mutation.registerEmployee': STAFF,
  'Mutation.removeFaceTemplate': STAFF,
  'Mutation.replaceFace': STAFF,
  'Mutation.restoreAttendance': STAFF,
  'Mutation.retryFailedUploads': [ADMIN],
  'Mutation.revokeApiKey': [ADMIN],
  'Mutation.rotateEncryption': [ADMIN],
  'Mutation.rotateApiKey': [ADMIN],
  'Mutation.updateEmployee': STAFF,
  'Mutation.updateOffice': STAFF,
  'Mutation.withdrawConsent': STAFF,
  // A kiosk watches its own office only.
  'Subscription.attendanceRecorded': EVERYBODY,
};

/**
 * Fields that a kiosk may read, by type. Fields that are not listed are forbidden for it. Other roles may read all
 * fields of their operations.
 */
export const KIOSK_FIELDS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.values(OUTCOMES).map(({ type, fields }) => [type, fields])),
  Attendance: [
    ...['id', 'type', 'recordedAt', 'similarity', 'distanceFromOffice', 'latitude', 'longitude', 'employee'],
    ...['office', 'proof', 'offline', 'receivedAt', 'imageUrl', 'localImageUrl', 'cloudinaryImageUrl'],
  ],
  AttendanceNotice: ['code', 'date'],
  Challenge: ['token', 'expiresAt', 'actions'],
  CheckAttendanceResult: [
    ...['status', 'message', 'similarity', 'similarityOf', 'distanceFromOffice', 'cloudinaryUrl'],
  ],
  Employee: [
    ...['id', 'name', 'employeeId', 'officeName', 'office'],
    ...['faceImageUrl', 'cloudinaryFaceImageUrl', 'imageUrl', 'thumbnailUrl'],
  ],
  KioskCredentials: ['apiKey', 'office'],
  KioskSettings: [
    ...['office', 'requireChallenge', 'requireLiveness', 'computesDescriptors'],
    ...['usesPosition', 'positionMaxAgeSeconds', 'positionMaxAccuracyMeters'],
  ],
  Muster: ['office', 'at', 'inside', 'unsure'],
  MusterEntry: ['employee', 'since', 'punch', 'visitor'],
  Office: ['id', 'name', 'latitude', 'longitude', 'radiusMeters', 'timeZone', 'allowVisitors'],
  Proof: ['descriptorSource', 'challenge', 'liveness', 'manual', 'place'],
};

/**
 * Photo URLs are null for a kiosk, because everybody can touch it. They are not forbidden: many clients select them in
 * a check, which must not fail.
 */
export const PHOTO_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Attendance: ['imageUrl', 'localImageUrl', 'cloudinaryImageUrl'],
  CheckAttendanceResult: ['cloudinaryUrl'],
  Employee: ['faceImageUrl', 'cloudinaryFaceImageUrl', 'imageUrl', 'thumbnailUrl'],
};

/** Fields for who manages people, by type: others may not ask for them. */
const STAFF_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Attendance: ['origin'],
};

/** @throws RollcallError FORBIDDEN for a role that may not filter punches by who sent them */
export function refuseOrigins(role: Role | null): void {
  if (role !== null && STAFF.includes(role)) return;
  throw new RollcallError('FORBIDDEN', `Role ${role ?? 'none'} may not filter by the sender of punches`, {
    field: 'filter',
  });
}

/** What their descriptions say of it. */
export const NOT_FOR_KIOSKS = 'Null for a KIOSK.';

/** Whether a role may call an operation, such as Query.offices. @param role null: nobody knows who it is */
export const mayCall = (role: Role | null, operation: string): boolean =>
  role === null ? PUBLIC_OPERATIONS.includes(operation) : OPERATIONS[operation]?.includes(role) === true;

/** Whether a role may ask for a field of an object or interface type that is no root; null: what a kiosk may. */
export const mayRead = (
  role: Role | null,
  type: string,
  interfaces: readonly string[],
  field: string,
): boolean =>
  (role !== null &&
    role !== KIOSK &&
    (STAFF.includes(role) || STAFF_FIELDS[type]?.includes(field) !== true)) ||
  [type, ...interfaces].some((name) => KIOSK_FIELDS[name]?.includes(field) === true);

/** Whether a role may look at photos, wherever it has their addresses from. */
export const maySeePhotos = (role: Role): boolean => role !== KIOSK;
