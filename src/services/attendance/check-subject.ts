import type { Statements } from '../../database/statements';
import type { AttendanceType } from '../../entities/attendance.entity';
import { Employee } from '../../entities/employee.entity';
import { Office } from '../../entities/office.entity';
import type { StoredImage } from '../../entities/stored-image';

/** One of the employee's latest punches, as far as the rules need it. */
export interface RecentPunch {
  readonly id: string;
  readonly type: AttendanceType;
  readonly recordedAt: Date;
}

/** All that a check needs of the database, read in one statement and so from one moment. */
export interface CheckSubject {
  /** With `office` filled in. */
  readonly employee: Employee;
  /** The latest two punches, newest first. */
  readonly recent: readonly RecentPunch[];
  /** The highest sequence so far; 0: there is no punch. One that was recorded by hand may be an earlier one's. */
  readonly lastSequence: number;
  /** The punch that already carries the check's requestId, whoever's it is. */
  readonly sameRequest: { readonly punchId: string; readonly employee: string } | null;
  /** A gallery older than this must not decide. */
  readonly galleryVersion: number;
}

interface SubjectRow {
  gallery_version: string;
  last_sequence: number | null;
  request_punch_id: string | null;
  request_employee: string | null;
  id: string | null;
  name: string;
  employee_id: string;
  office_id: string | null;
  active: boolean;
  created_at: Date;
  image_path: string | null;
  image_cloudinary_url: string | null;
  image_cloudinary_id: string | null;
  office_name: string;
  office_latitude: number | null;
  office_longitude: number | null;
  office_radius_meters: number | null;
  office_time_zone: string;
  punch_id: string | null;
  punch_type: AttendanceType;
  punch_recorded_at: Date;
}

/** One row a punch, at least one: the version is there even where the employee is not. */
const subjectSql = (condition: string): string => `
  SELECT s.version AS gallery_version, r.id AS request_punch_id, r.employee_id AS request_employee,
    e.id, e.name, e.employee_id, e.office_id, e.active, e.created_at,
    e.image_path, e.image_cloudinary_url, e.image_cloudinary_id,
    o.name AS office_name, o.latitude AS office_latitude, o.longitude AS office_longitude,
    o.radius_meters AS office_radius_meters, o.time_zone AS office_time_zone,
    p.id AS punch_id, p.type AS punch_type, p.recorded_at AS punch_recorded_at,
    (SELECT max(sequence) FROM attendances WHERE employee_id = e.id) AS last_sequence
  FROM gallery_state s
  LEFT JOIN employees e ON ${condition} AND e.active
  LEFT JOIN offices o ON o.id = e.office_id
  LEFT JOIN attendances r ON r.request_id = $2
  LEFT JOIN LATERAL (SELECT id, type, recorded_at FROM attendances
    WHERE employee_id = e.id ORDER BY recorded_at DESC, id DESC LIMIT 2) p ON true
  ORDER BY p.recorded_at DESC, p.id DESC`;

const BY_EMPLOYEE_ID = subjectSql('lower(e.employee_id) = lower($1)');
const BY_ROW_ID = subjectSql('e.id = $1');

/** Who a check is about: by the company's employeeId (1:1), or by the row id that an identification found (1:N). */
export type SubjectKey = { readonly employeeId: string } | { readonly rowId: string | null };

/** Reads what a check needs; `subject` is null where there is no such active employee. */
export async function readSubject(
  statements: Statements,
  key: SubjectKey,
  requestId: string | null,
): Promise<{ galleryVersion: number; subject: CheckSubject | null }> {
  const rows =
    'employeeId' in key
      ? await statements.run<SubjectRow>('check-by-employee-id', BY_EMPLOYEE_ID, [key.employeeId, requestId])
      : await statements.run<SubjectRow>('check-by-row-id', BY_ROW_ID, [key.rowId, requestId]);
  const [first] = rows;
  const galleryVersion = Number(first?.gallery_version ?? 0);
  if (first === undefined || first.id === null) return { galleryVersion, subject: null };
  const { request_punch_id: punchId, request_employee: employee } = first;
  return {
    galleryVersion,
    subject: {
      employee: employeeFrom(first, first.id),
      recent: rows.flatMap((row) =>
        row.punch_id === null
          ? []
          : [
              {
                id: row.punch_id,
                type: row.punch_type,
                recordedAt: row.punch_recorded_at,
              },
            ],
      ),
      lastSequence: first.last_sequence ?? 0,
      sameRequest: punchId === null || employee === null ? null : { punchId, employee },
      galleryVersion,
    },
  };
}

function employeeFrom(row: SubjectRow, id: string): Employee {
  return Object.assign(new Employee(), {
    id,
    name: row.name,
    employeeId: row.employee_id,
    officeId: row.office_id,
    office: row.office_id === null ? null : officeFrom(row, row.office_id),
    active: row.active,
    image: imageFrom(row),
    createdAt: row.created_at,
  });
}

function officeFrom(row: SubjectRow, id: string): Office {
  return Object.assign(new Office(), {
    id,
    name: row.office_name,
    latitude: row.office_latitude,
    longitude: row.office_longitude,
    radiusMeters: row.office_radius_meters,
    timeZone: row.office_time_zone,
  });
}

function imageFrom(row: SubjectRow): Pick<StoredImage, 'path' | 'cloudinaryUrl' | 'cloudinaryId'> {
  return {
    path: row.image_path,
    cloudinaryUrl: row.image_cloudinary_url,
    cloudinaryId: row.image_cloudinary_id,
  };
}
