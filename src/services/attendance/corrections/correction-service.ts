import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { folded } from '../../text/folded';
import { uniqueViolation } from '../../../database/errors';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import { AttendanceVoid } from '../../../entities/attendance-void.entity';
import { CorrectionChange, CorrectionKind } from '../../../entities/correction-change.entity';
import { Correction, CorrectionStatus } from '../../../entities/correction.entity';
import { Employee } from '../../../entities/employee.entity';
import { badInput, conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { lockPerson } from '../../employees/lock-person';
import { recordedSql } from '../../idempotency/idempotency';
import { addManualPunch, checkTime, punchExists } from '../punches/manual-attendance';

/** One of the two. */
interface ChangeOrder {
  readonly add?: {
    /** The company's own id. */
    readonly employeeId: string;
    readonly type: AttendanceType;
    readonly recordedAt: Date;
  } | null;
  readonly void?: { readonly attendanceId: string } | null;
}

interface CorrectionOrder {
  readonly changes: readonly ChangeOrder[];
  readonly reason: string;
}

/** What one correction may change. */
const MAX_CHANGES = 50;

/** Corrects punches without changing any: wrong ones are voided, missing ones are added by hand. */
export class CorrectionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /**
   * Request and approval in one: all changes are made, or none.
   * @throws RollcallError BAD_USER_INPUT; NOT_FOUND; CONFLICT where a punch is voided already, or an added one is there
   */
  async correct(order: CorrectionOrder, by: Actor): Promise<Correction> {
    const { changes } = order;
    if (changes.length < 1 || changes.length > MAX_CHANGES) {
      throw badInput('changes', `must be 1 to ${MAX_CHANGES}`);
    }
    for (const { add, void: voided } of changes) {
      if ((add == null) === (voided == null)) throw badInput('changes', 'each must have one of add and void');
    }
    try {
      return await this.dataSource.transaction((manager) => this.write(manager, order, by));
    } catch (error) {
      if (uniqueViolation(error) === 'attendance_voids_in_force') throw alreadyVoided();
      throw error;
    }
  }

  /**
   * Takes a void back: the punch counts again.
   * @throws RollcallError NOT_FOUND; CONFLICT where the punch is not voided, or another one has taken its place
   */
  restore(
    { attendanceId, reason }: { attendanceId: string; reason: string },
    by: Actor,
  ): Promise<Attendance> {
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      const attendance = await findPunch(manager, attendanceId);
      await lockRow(manager, attendance.employeeId);
      const voided = await manager.findOneBy(AttendanceVoid, {
        attendanceId: attendance.id,
        restoredAt: IsNull(),
      });
      if (voided === null) throw conflict('attendanceId', 'This punch is not voided');
      const [taken] = await manager.query<{ taken: boolean }[]>(`SELECT ${recordedSql('$1')} AS taken`, [
        attendance.requestId,
      ]);
      if (taken?.taken === true || (await punchExists(manager, attendance))) {
        throw conflict('attendanceId', 'Another punch has taken the place of this one; void that one first');
      }
      const restored = { restoredBy: by.caller, restoredAt: at, restoreReason: reason };
      await manager.update(AttendanceVoid, { id: voided.id }, restored);
      await recordAudit(manager, {
        ...by,
        action: 'attendance.restore',
        employeeId: attendance.employeeId,
        outcome: 'OK',
        details: { attendanceId: attendance.id },
        at,
      });
      return attendance;
    });
  }

  private async write(manager: EntityManager, order: CorrectionOrder, by: Actor): Promise<Correction> {
    const at = this.now();
    const { reason } = order;
    const employee = await this.lockEmployee(manager, order);
    const correction = manager.create(Correction, {
      ...{ id: uuidv7(), employeeId: employee.id, status: CorrectionStatus.APPROVED, reason, note: null },
      ...{ requestedBy: by.caller, requestedAt: at, decidedBy: by.caller, decidedAt: at },
    });
    await manager.insert(Correction, correction);
    const made: CorrectionChange[] = [];
    // Voids come first, whatever their place: an added punch may be what a voided one should have been.
    const indexed = order.changes.map((change, position) => ({ ...change, position }));
    for (const { void: voided, position } of indexed) {
      if (voided == null) continue;
      const attendanceId = await this.voidPunch(manager, voided.attendanceId, { correction, by, at });
      made.push(changeOf(correction, position, { kind: CorrectionKind.VOID, attendanceId }));
    }
    for (const { add, position } of indexed) {
      if (add == null) continue;
      const { type, recordedAt } = add;
      checkTime(recordedAt, at);
      const { id: attendanceId } = await addManualPunch(manager, employee, {
        ...{ type, recordedAt, reason, correctionId: correction.id, by, at },
      });
      made.push(changeOf(correction, position, { kind: CorrectionKind.ADD, type, recordedAt, attendanceId }));
    }
    await manager.insert(CorrectionChange, made);
    await recordAudit(manager, {
      ...by,
      action: 'correction.approve',
      employeeId: employee.id,
      outcome: 'OK',
      details: { correctionId: correction.id, changes: made.length },
      at,
    });
    correction.changes = made.sort((a, b) => a.position - b.position);
    return correction;
  }

  /** The one employee whom all changes are about, locked. */
  private async lockEmployee(manager: EntityManager, { changes }: CorrectionOrder): Promise<Employee> {
    const named = new Set(changes.flatMap(({ add }) => (add == null ? [] : [folded(add.employeeId)])));
    const rows = new Set<string>();
    for (const { void: voided } of changes) {
      if (voided != null) rows.add((await findPunch(manager, voided.attendanceId)).employeeId);
    }
    const [name] = named;
    const [row] = rows;
    const employee =
      name === undefined ? await lockRow(manager, row as string) : await lockPerson(manager, name);
    if (named.size > 1 || rows.size > 1 || (row !== undefined && row !== employee.id)) {
      throw badInput('changes', 'must all be of one employee');
    }
    return employee;
  }

  private async voidPunch(
    manager: EntityManager,
    attendanceId: string,
    { correction, by, at }: { correction: Correction; by: Actor; at: Date },
  ): Promise<string> {
    const { id, employeeId } = await findPunch(manager, attendanceId);
    if (await manager.existsBy(AttendanceVoid, { attendanceId: id, restoredAt: IsNull() }))
      throw alreadyVoided();
    await manager.insert(AttendanceVoid, {
      ...{ id: uuidv7(), attendanceId: id, correctionId: correction.id, reason: correction.reason },
      ...{ voidedBy: by.caller, voidedAt: at },
    });
    await recordAudit(manager, {
      ...by,
      action: 'attendance.void',
      employeeId,
      outcome: 'OK',
      details: { attendanceId: id, correctionId: correction.id },
      at,
    });
    return id;
  }
}

const alreadyVoided = () => conflict('changes', 'This punch is already voided');

async function findPunch(manager: EntityManager, id: string): Promise<Attendance> {
  const attendance = isUuid(id) ? await manager.findOneBy(Attendance, { id }) : null;
  if (attendance === null) throw notFound('attendanceId', 'punch not found');
  return attendance;
}

/** @throws RollcallError NOT_FOUND where the employee is being erased */
async function lockRow(manager: EntityManager, id: string): Promise<Employee> {
  const employee = await manager.findOne(Employee, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (employee === null || employee.erasedAt !== null) throw notFound('attendanceId', 'employee not found');
  return employee;
}

function changeOf(
  { id: correctionId }: Correction,
  position: number,
  change: Pick<CorrectionChange, 'kind' | 'attendanceId'> & Partial<CorrectionChange>,
): CorrectionChange {
  return Object.assign(new CorrectionChange(), {
    ...{ id: uuidv7(), correctionId, position, type: null, recordedAt: null },
    ...change,
  });
}
