import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { uniqueViolation } from '../../../database/errors';
import type { Attendance } from '../../../entities/attendance.entity';
import { AttendanceVoid } from '../../../entities/attendance-void.entity';
import { CorrectionChange } from '../../../entities/correction-change.entity';
import { Correction, CorrectionStatus } from '../../../entities/correction.entity';
import { conflict, RollcallError } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { recordedSql } from '../../idempotency/idempotency';
import { punchExists } from '../punches/manual-attendance';
import { applyChanges } from './apply-changes';
import {
  alreadyVoided,
  findPunch,
  lockRow,
  lockSubject,
  planChanges,
  type CorrectionOrder,
  type PlannedChange,
} from './correction-order';

/** Corrects punches without changing any: wrong ones are voided, missing ones are added by hand. */
export class CorrectionService {
  constructor(
    private readonly dataSource: DataSource,
    /** CORRECTION_FOUR_EYES. */
    private readonly fourEyes: boolean,
    private readonly now: () => Date,
  ) {}

  /**
   * Request and approval in one: all changes are made, or none.
   * @throws RollcallError FORBIDDEN (four eyes); BAD_USER_INPUT; NOT_FOUND; CONFLICT if a punch is voided already, or an added one is there
   */
  async correct(order: CorrectionOrder, by: Actor): Promise<Correction> {
    if (this.fourEyes) throw ownCorrection();
    const changes = planChanges(order, this.now());
    try {
      return await this.dataSource.transaction((manager) => this.write(manager, order, changes, by));
    } catch (error) {
      if (uniqueViolation(error) === 'attendance_voids_in_force') throw alreadyVoided();
      throw error;
    }
  }

  /**
   * Takes a void back: the punch counts again.
   * @throws RollcallError NOT_FOUND; CONFLICT if the punch is not voided, or another one has taken its place
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
      if (taken?.taken === true || (await punchExists(manager, attendance)) !== null) {
        throw conflict('attendanceId', 'Another punch replaces this one; void that one first');
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

  private async write(
    manager: EntityManager,
    order: CorrectionOrder,
    changes: readonly PlannedChange[],
    by: Actor,
  ): Promise<Correction> {
    const at = this.now();
    const { reason } = order;
    const employee = await lockSubject(manager, order, at);
    const correction = manager.create(Correction, {
      ...{ id: uuidv7(), employeeId: employee.id, status: CorrectionStatus.APPROVED, reason, note: null },
      ...{ requestedBy: by.caller, requestedAt: at, decidedBy: by.caller, decidedAt: at, basis: null },
    });
    await manager.insert(Correction, correction);
    const made = await applyChanges(manager, changes, { correction, employee, by, at });
    await manager.insert(CorrectionChange, rowsOf(correction, made));
    const details = { correctionId: correction.id, changes: made.length };
    const action = 'correction.approve' as const;
    await recordAudit(manager, { ...by, action, employeeId: employee.id, outcome: 'OK', details, at });
    return correction;
  }
}

/** The rows of the changes of a correction. */
export const rowsOf = (
  { id: correctionId }: Correction,
  changes: readonly PlannedChange[],
): CorrectionChange[] =>
  changes.map((change) => Object.assign(new CorrectionChange(), { id: uuidv7(), correctionId, ...change }));

/** CORRECTION_FOUR_EYES: who asks must not decide. */
export const ownCorrection = (): RollcallError =>
  new RollcallError('FORBIDDEN', 'Somebody else must approve the correction (CORRECTION_FOUR_EYES)');
