import { folded } from '../../text/folded';
import type { Statements } from '../../../database/statements';
import type { AttendanceType } from '../../../entities/attendance.entity';
import { Employee } from '../../../entities/employee.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { Office } from '../../../entities/office.entity';
import type { LockTimes } from '../../access/locked';
import { lockedUntilSql } from '../../access/lockout-statements';
import type { Requester } from '../../access/requester';
import { EARLIER_COLUMNS, type EarlierPunch } from '../../idempotency/idempotency';
import type { GalleryPoint } from '../../faces/matching/gallery-sync';
import { notVoidedSql } from '../../voids/not-voided';
import type { LatestPunch } from '../punches/punch-order';

/** All that a check needs of the database, read in one statement and so from one moment. */
export interface CheckSubject {
  /** With `office` filled in. */
  readonly employee: Employee;
  /**
   * The last two punches that were recorded as they were made, and the latest three others. In the order of writing, newest
   * first.
   */
  readonly recent: readonly LatestPunch[];
  /** The highest sequence so far; 0: there is no punch. One that was recorded by hand may be an earlier one's. */
  readonly lastSequence: number;
  /** The punch that already has the check's requestId, of any employee. */
  readonly sameRequest: EarlierPunch | null;
  /** Refused faces of the employee in a row, and until when the employee is locked for it. */
  readonly refusals: number;
  readonly locked: LockTimes;
}

/** What else the statement says, even if there is no such employee. */
interface CheckCircumstances {
  /** A gallery that does not have this must not decide. */
  readonly gallery: GalleryPoint;
  /** Until when the caller is locked. */
  readonly callerLocked: LockTimes;
  /** Row id of the employee who may not punch at the kiosk that sends the check; null: nobody. */
  readonly elsewhere: string | null;
  /** The office of the kiosk that sends the check; null: no kiosk, or an office that is not there. */
  readonly kiosk: Office | null;
}

interface SubjectRow extends Prefixed<'office_'>, Prefixed<'kiosk_'> {
  gallery_version: string;
  gallery_token: string;
  caller_locked_until: Date | null;
  caller_locked_daily: Date | null;
  found_id: string | null;
  kiosk_id: string | null;
  last_sequence: number | null;
  request_punch_id: string | null;
  request_retry: boolean | null;
  id: string | null;
  name: string;
  employee_id: string;
  office_id: string | null;
  active: boolean;
  created_at: Date;
  employed_from: LocalDate;
  employed_until: LocalDate | null;
  image_path: string | null;
  image_cloudinary_url: string | null;
  image_cloudinary_id: string | null;
  refusals: number;
  locked_until: Date | null;
  locked_daily: Date | null;
  punch_id: string | null;
  punch_type: AttendanceType;
  punch_recorded_at: Date;
  punch_sequence: number;
  punch_at_once: boolean;
}

interface OfficeColumns {
  name: string;
  latitude: number | null;
  longitude: number | null;
  radius_meters: number | null;
  time_zone: string;
  allow_visitors: boolean;
}
type Prefixed<P extends string> = { [K in keyof OfficeColumns as `${P}${K}`]: OfficeColumns[K] };

const officeColumns = (alias: string, prefix: string): string =>
  ['name', 'latitude', 'longitude', 'radius_meters', 'time_zone', 'allow_visitors']
    .map((column) => `${alias}.${column} AS ${prefix}${column}`)
    .join(', ');

/**
 * One row for each punch, at least one: the version is there even without an employee. For an employee who may not punch
 * at the kiosk it reads the id only, because it must take as long as for an unknown employee.
 */
const subjectSql = (condition: (alias: string) => string): string => `
  SELECT s.version AS gallery_version, s.token AS gallery_token, ${EARLIER_COLUMNS},
    ${lockedUntilSql('KEY', '$4', false)} AS caller_locked_until,
    ${lockedUntilSql('KEY', '$4', true)} AS caller_locked_daily,
    (SELECT f.id FROM employees f WHERE ${condition('f')} AND f.active) AS found_id,
    k.id AS kiosk_id, ${officeColumns('k', 'kiosk_')},
    e.id, e.name, e.employee_id, e.office_id, e.active, e.created_at, e.employed_from, e.employed_until,
    e.image_path, e.image_cloudinary_url, e.image_cloudinary_id, ${officeColumns('o', 'office_')},
    coalesce(le.failures, 0) AS refusals, le.locked_until,
    ${lockedUntilSql('EMPLOYEE', 'e.id::text', true)} AS locked_daily,
    p.id AS punch_id, p.type AS punch_type, p.recorded_at AS punch_recorded_at,
    p.sequence AS punch_sequence, p.at_once AS punch_at_once,
    (SELECT max(sequence) FROM attendances WHERE employee_id = e.id) AS last_sequence
  FROM gallery_state s
  LEFT JOIN offices k ON k.id = $3::uuid
  LEFT JOIN employees e ON ${condition('e')} AND e.active
    AND ($3::uuid IS NULL OR e.office_id = k.id OR k.allow_visitors)
  LEFT JOIN offices o ON o.id = e.office_id
  LEFT JOIN attendances r ON r.request_id = $2 AND ${notVoidedSql('r')}
  LEFT JOIN lockouts le ON le.kind = 'EMPLOYEE' AND le.subject = e.id::text AND NOT le.daily
  LEFT JOIN LATERAL (
    (SELECT a.id, a.type, a.recorded_at, a.sequence, true AS at_once FROM attendances a
      WHERE a.employee_id = e.id AND a.captured_at IS NULL AND a.manual_reason IS NULL AND ${notVoidedSql('a')}
      ORDER BY a.sequence DESC LIMIT 2)
    UNION ALL
    (SELECT a.id, a.type, a.recorded_at, a.sequence, false FROM attendances a
      WHERE a.employee_id = e.id AND (a.captured_at IS NOT NULL OR a.manual_reason IS NOT NULL)
        AND ${notVoidedSql('a')}
      ORDER BY a.recorded_at DESC, a.sequence DESC LIMIT 3)
  ) p ON true
  ORDER BY p.sequence DESC`;

const BY_EMPLOYEE_ID = subjectSql((e) => `${e}.employee_id_key = $1`);
const BY_ROW_ID = subjectSql((e) => `${e}.id = $1`);

/** Who a check is about: by the company's employeeId (1:1), or by the row id that an identification found (1:N). */
type SubjectKey = { readonly employeeId: string } | { readonly rowId: string | null };

/** Reads what a check needs. `subject` is null unless there is such an active employee who may punch here. */
export async function readSubject(
  statements: Statements,
  key: SubjectKey,
  requestId: string | null,
  { kioskOffice, lockable }: Requester,
): Promise<CheckCircumstances & { readonly subject: CheckSubject | null }> {
  const more = [requestId, kioskOffice, lockable];
  const rows =
    'employeeId' in key
      ? await statements.run<SubjectRow>('check-by-employee-id', BY_EMPLOYEE_ID, [
          folded(key.employeeId),
          ...more,
        ])
      : await statements.run<SubjectRow>('check-by-row-id', BY_ROW_ID, [key.rowId, ...more]);
  const [first] = rows;
  const circumstances = {
    gallery: { version: Number(first?.gallery_version ?? 0), token: first?.gallery_token ?? '' },
    callerLocked: {
      until: first?.caller_locked_until ?? null,
      dailyUntil: first?.caller_locked_daily ?? null,
    },
    elsewhere: first !== undefined && first.id === null ? first.found_id : null,
    kiosk: first === undefined ? null : officeFrom(first, 'kiosk_', first.kiosk_id),
  };
  if (first === undefined || first.id === null) return { ...circumstances, subject: null };
  const recent: LatestPunch[] = [];
  for (const row of rows) {
    if (row.punch_id === null) continue;
    recent.push({
      ...{ id: row.punch_id, type: row.punch_type, recordedAt: row.punch_recorded_at },
      ...{ sequence: row.punch_sequence, atOnce: row.punch_at_once },
    });
  }
  const { request_punch_id: punchId, request_retry: retry } = first;
  return {
    ...circumstances,
    subject: {
      employee: Object.assign(new Employee(), {
        id: first.id,
        name: first.name,
        employeeId: first.employee_id,
        officeId: first.office_id,
        office: officeFrom(first, 'office_', first.office_id),
        active: first.active,
        image: {
          path: first.image_path,
          cloudinaryUrl: first.image_cloudinary_url,
          cloudinaryId: first.image_cloudinary_id,
        },
        createdAt: first.created_at,
        employedFrom: first.employed_from,
        employedUntil: first.employed_until,
      }),
      refusals: first.refusals,
      locked: { until: first.locked_until, dailyUntil: first.locked_daily },
      recent,
      lastSequence: first.last_sequence ?? 0,
      sameRequest: punchId === null ? null : { punchId, retry: retry === true },
    },
  };
}

function officeFrom(row: SubjectRow, prefix: 'office_' | 'kiosk_', id: string | null): Office | null {
  if (id === null) return null;
  return Object.assign(new Office(), {
    id,
    name: row[`${prefix}name`],
    latitude: row[`${prefix}latitude`],
    longitude: row[`${prefix}longitude`],
    radiusMeters: row[`${prefix}radius_meters`],
    timeZone: row[`${prefix}time_zone`],
    allowVisitors: row[`${prefix}allow_visitors`],
  });
}
