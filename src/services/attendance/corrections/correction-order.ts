import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import { CorrectionKind, type CorrectionChange } from '../../../entities/correction-change.entity';
import { Employee } from '../../../entities/employee.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { badInput, conflict, notFound, type RollcallError } from '../../../errors';
import { addDays } from '../../dates/dates';
import { lockPerson } from '../../employees/lock-person';
import { hasBegun } from '../../employees/office-history';
import { alreadyThere, checkTime, MAX_AGE_DAYS } from '../punches/manual-attendance';
import { folded } from '../../text/folded';

/** One of the three. */
interface ChangeOrder {
  readonly add?: {
    /** The company's own id; may be left out if the order has it. */
    readonly employeeId?: string | null | undefined;
    readonly type: AttendanceType;
    readonly recordedAt: Date;
  } | null;
  readonly void?: { readonly attendanceId: string } | null;
  readonly waiveBreak?: {
    readonly employeeId?: string | null | undefined;
    readonly date: LocalDate;
    /** How much of the automatic break was not taken. */
    readonly minutes: number;
  } | null;
}

export interface CorrectionOrder {
  /** The company's own id. */
  readonly employeeId?: string | null | undefined;
  readonly changes: readonly ChangeOrder[];
  readonly reason: string;
}

/** A change as a row has it, before it is made. */
export type PlannedChange = Pick<
  CorrectionChange,
  'position' | 'kind' | 'type' | 'recordedAt' | 'attendanceId' | 'waiveDate' | 'waiveMinutes'
>;

/** What one correction may change. */
const MAX_CHANGES = 50;
const DAY = 1440;

export const alreadyVoided = (): RollcallError => conflict('changes', 'This punch is already voided');

/** @throws RollcallError BAD_USER_INPUT naming the field and its bound; CONFLICT if a punch is voided or added twice */
export function planChanges({ changes }: CorrectionOrder, now: Date): PlannedChange[] {
  if (changes.length < 1 || changes.length > MAX_CHANGES) {
    throw badInput('changes', `must have 1 to ${MAX_CHANGES} entries`);
  }
  const planned = changes.map((change, position) => planOne(change, position, now));
  const voided = planned.flatMap(({ kind, attendanceId }) =>
    kind === CorrectionKind.VOID ? [attendanceId] : [],
  );
  if (new Set(voided).size < voided.length) throw alreadyVoided();
  const added = planned.flatMap(({ type, recordedAt }) =>
    recordedAt === null ? [] : `${type} ${recordedAt.getTime()}`,
  );
  if (new Set(added).size < added.length) throw alreadyThere();
  const waived = planned.flatMap(({ waiveDate }) => waiveDate ?? []);
  if (new Set(waived).size < waived.length) throw badInput('date', 'must not be given twice');
  return planned;
}

const EMPTY = { type: null, recordedAt: null, attendanceId: null, waiveDate: null, waiveMinutes: null };

function planOne({ add, void: voided, waiveBreak }: ChangeOrder, position: number, now: Date): PlannedChange {
  if ([add, voided, waiveBreak].filter((change) => change != null).length !== 1) {
    throw badInput('changes', 'each must have exactly one of add, void and waiveBreak');
  }
  if (add != null) {
    const { type, recordedAt } = add;
    checkTime(recordedAt, now);
    return { ...EMPTY, position, kind: CorrectionKind.ADD, type, recordedAt };
  }
  if (voided != null) {
    const { attendanceId } = voided;
    return { ...EMPTY, position, kind: CorrectionKind.VOID, attendanceId: attendanceId.toLowerCase() };
  }
  const { date: waiveDate, minutes: waiveMinutes } = waiveBreak as NonNullable<typeof waiveBreak>;
  checkDate(waiveDate, now);
  if (!(waiveMinutes >= 1 && waiveMinutes <= DAY)) throw badInput('minutes', `must be 1 to ${DAY}`);
  return { ...EMPTY, position, kind: CorrectionKind.WAIVE_BREAK, waiveDate, waiveMinutes };
}

/** Anywhere on Earth it may be that date already: whether it is where the employee works, `lockSubject` says. */
function checkDate(date: LocalDate, now: Date): void {
  const today = addDays(now.toISOString().slice(0, 10), 1);
  if (date > today) throw badInput('date', 'must not be in the future');
  if (date < addDays(today, -MAX_AGE_DAYS - 1))
    throw badInput('date', `must be within the last ${MAX_AGE_DAYS} days`);
}

/**
 * The employee of all changes, locked.
 * @throws RollcallError NOT_FOUND; BAD_USER_INPUT if there are several, nobody is named, or a day has not begun where
 *   the employee works
 */
export async function lockSubject(
  manager: EntityManager,
  order: CorrectionOrder,
  now: Date,
): Promise<Employee> {
  const { employeeId, changes } = order;
  const named = new Set(
    [
      employeeId,
      ...changes.flatMap(({ add, waiveBreak }) => [add?.employeeId, waiveBreak?.employeeId]),
    ].flatMap((id) => (id == null ? [] : [folded(id)])),
  );
  const rows = new Set<string>();
  for (const { void: voided } of changes) {
    if (voided != null) rows.add((await findPunch(manager, voided.attendanceId)).employeeId);
  }
  const [name] = named;
  const [row] = rows;
  if (name === undefined && row === undefined) throw badInput('employeeId', 'is required');
  const employee =
    name === undefined ? await lockRow(manager, row as string) : await lockPerson(manager, name);
  if (named.size > 1 || rows.size > 1 || (row !== undefined && row !== employee.id)) {
    throw badInput('changes', 'must all be about one employee');
  }
  for (const { waiveBreak } of changes) {
    if (waiveBreak != null && !(await hasBegun(manager, employee, waiveBreak.date, now))) {
      throw badInput('date', 'must not be in the future');
    }
  }
  return employee;
}

/** @throws RollcallError NOT_FOUND */
export async function findPunch(manager: EntityManager, id: string): Promise<Attendance> {
  const attendance = isUuid(id) ? await manager.findOneBy(Attendance, { id }) : null;
  if (attendance === null) throw notFound('attendanceId', 'punch not found');
  return attendance;
}

/**
 * @param field that names the employee, or something of theirs
 * @throws RollcallError NOT_FOUND if the employee is being erased
 */
export async function lockRow(manager: EntityManager, id: string, field = 'attendanceId'): Promise<Employee> {
  const employee = await manager.findOne(Employee, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (employee === null || employee.erasedAt !== null) throw notFound(field, 'employee not found');
  return employee;
}
