import { MoreThanOrEqual, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { EmployeeOffice } from '../../entities/employee-office.entity';
import type { Employee } from '../../entities/employee.entity';
import type { LocalDate } from '../../entities/local-scalars';
import { Office } from '../../entities/office.entity';
import { badInput } from '../../errors';
import type { Actor } from '../audit/actor';
import { dateIn, SINCE_EVER } from '../dates/dates';

interface Made {
  readonly by: Actor;
  readonly at: Date;
}

interface Move extends Made {
  readonly officeId: string | null;
  /** Of the new office. */
  readonly timeZone: string;
  /** null: today. */
  readonly from: LocalDate | null;
}

/** A new employee has had their office since ever. */
export async function beginOffices(
  manager: EntityManager,
  { id: employeeId, officeId }: Pick<Employee, 'id' | 'officeId'>,
  { by, at }: Made,
): Promise<void> {
  const made = { createdBy: by.caller, createdAt: at };
  await manager.insert(EmployeeOffice, {
    id: uuidv7(),
    employeeId,
    officeId,
    validFrom: SINCE_EVER,
    ...made,
  });
}

/**
 * The employee has another office from a day on: today, or an earlier one. What the history said of later days goes.
 * @throws RollcallError BAD_USER_INPUT (officeFrom)
 */
export async function changeOffice(
  manager: EntityManager,
  before: Pick<Employee, 'id' | 'officeId'>,
  { officeId, timeZone, from, by, at }: Move,
): Promise<void> {
  const { id: employeeId } = before;
  const today = dateIn(timeZone, at);
  if (from !== null && from > today) throw badInput('officeFrom', `must not be after today, ${today}`);
  const validFrom = from ?? today;
  const made = { createdBy: by.caller, createdAt: at };
  if (!(await manager.existsBy(EmployeeOffice, { employeeId })))
    await beginOffices(manager, before, { by, at });
  await manager.delete(EmployeeOffice, { employeeId, validFrom: MoreThanOrEqual(validFrom) });
  await manager.insert(EmployeeOffice, { id: uuidv7(), employeeId, officeId, validFrom, ...made });
}

/** Today's date where the employee works. */
export async function todayOf(
  manager: EntityManager,
  { officeId }: Pick<Employee, 'officeId'>,
  at: Date,
): Promise<LocalDate> {
  const office = officeId === null ? null : await manager.findOneBy(Office, { id: officeId });
  return dateIn(office?.timeZone ?? 'UTC', at);
}

/**
 * The office that the employee had at a moment, by the clocks of that office.
 * @returns row id; null: none, or it was deleted since
 */
export async function officeAt(
  manager: EntityManager,
  { id, officeId }: Pick<Employee, 'id' | 'officeId'>,
  moment: Date,
): Promise<string | null> {
  const rows = await manager.query<{ office: string | null; since: LocalDate; zone: string | null }[]>(
    `SELECT o.id AS office, h.valid_from::text AS since, coalesce(
       (SELECT z.time_zone FROM office_zones z WHERE z.office_id = h.office_id AND z.valid_from <= $2::date
         ORDER BY z.valid_from DESC LIMIT 1), o.time_zone) AS zone
     FROM employee_offices h LEFT JOIN offices o ON o.id = h.office_id
     WHERE h.employee_id = $1 AND h.valid_from <= $2::date + 1 ORDER BY h.valid_from DESC`,
    [id, moment.toISOString().slice(0, 10)],
  );
  // An employee without a history has always had what they have today.
  if (rows.length === 0) return officeId;
  // As text, -infinity comes before every date.
  return rows.find(({ since, zone }) => since <= dateIn(zone ?? 'UTC', moment))?.office ?? null;
}

/** Whether a date has begun where the employee works on it: by the office and the time zone of that date. */
export async function hasBegun(
  manager: EntityManager,
  { id, officeId }: Pick<Employee, 'id' | 'officeId'>,
  date: LocalDate,
  at: Date,
): Promise<boolean> {
  const [row] = await manager.query<{ zone: string | null }[]>(ZONE_ON, [id, officeId, date]);
  return dateIn(row?.zone ?? 'UTC', at) >= date;
}

/** An employee or an office without a history has always had what they have today. */
const ZONE_ON = `WITH place AS (SELECT CASE WHEN EXISTS (SELECT FROM employee_offices WHERE employee_id = $1)
    THEN (SELECT office_id FROM employee_offices WHERE employee_id = $1 AND valid_from <= $3::date
      ORDER BY valid_from DESC LIMIT 1)
    ELSE $2::uuid END AS office_id)
  SELECT coalesce(
    (SELECT z.time_zone FROM office_zones z WHERE z.office_id = place.office_id AND z.valid_from <= $3::date
      ORDER BY z.valid_from DESC LIMIT 1),
    (SELECT time_zone FROM offices WHERE id = place.office_id)) AS zone FROM place`;
