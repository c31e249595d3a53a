import { IsNull, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { AttendanceType } from '../../../entities/attendance.entity';
import { AttendanceVoid } from '../../../entities/attendance-void.entity';
import { CorrectionKind } from '../../../entities/correction-change.entity';
import type { Correction } from '../../../entities/correction.entity';
import type { Employee } from '../../../entities/employee.entity';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { addManualPunch, alreadyThere, punchExists } from '../punches/manual-attendance';
import { alreadyVoided, findPunch, type PlannedChange } from './correction-order';

interface Deed {
  readonly correction: Correction;
  readonly employee: Employee;
  readonly by: Actor;
  readonly at: Date;
}

/**
 * Makes the changes, in a transaction that has locked the employee. A waived break needs no more than its row.
 * @returns the changes with the punches that were added
 * @throws RollcallError CONFLICT if a punch is voided already, or an added one is there
 */
export async function applyChanges<T extends PlannedChange>(
  manager: EntityManager,
  changes: readonly T[],
  deed: Deed,
): Promise<T[]> {
  const { correction, employee, by, at } = deed;
  const { reason, id: correctionId } = correction;
  // Voids come first, in any position: an added punch may replace a voided one.
  for (const { kind, attendanceId } of changes) {
    if (kind === CorrectionKind.VOID) await voidPunch(manager, attendanceId as string, deed);
  }
  const made: T[] = [];
  for (const change of changes) {
    if (change.kind !== CorrectionKind.ADD) {
      made.push(change);
      continue;
    }
    const [type, recordedAt] = [change.type as AttendanceType, change.recordedAt as Date];
    const punch = { type, recordedAt, reason, correctionId, by, at };
    const { id: attendanceId } = await addManualPunch(manager, employee, punch);
    made.push({ ...change, attendanceId });
  }
  return made;
}

async function voidPunch(manager: EntityManager, attendanceId: string, deed: Deed): Promise<void> {
  const { correction, by, at } = deed;
  const { id, employeeId } = await findPunch(manager, attendanceId);
  if (await isVoided(manager, id)) throw alreadyVoided();
  await manager.insert(AttendanceVoid, {
    ...{ id: uuidv7(), attendanceId: id, correctionId: correction.id, reason: correction.reason },
    ...{ voidedBy: by.caller, voidedAt: at },
  });
  const details = { attendanceId: id, correctionId: correction.id };
  await recordAudit(manager, { ...by, action: 'attendance.void', employeeId, outcome: 'OK', details, at });
}

const isVoided = (manager: EntityManager, attendanceId: string): Promise<boolean> =>
  manager.existsBy(AttendanceVoid, { attendanceId, restoredAt: IsNull() });

/**
 * Says what would keep the changes from being made now.
 * @throws RollcallError as applyChanges
 */
export async function checkApplicable(
  manager: EntityManager,
  changes: readonly PlannedChange[],
  { id: employeeId }: Employee,
): Promise<void> {
  const voided = new Set<string | null>();
  for (const { kind, attendanceId } of changes) {
    if (kind !== CorrectionKind.VOID) continue;
    if (await isVoided(manager, attendanceId as string)) throw alreadyVoided();
    voided.add(attendanceId);
  }
  for (const { kind, type, recordedAt } of changes) {
    if (kind !== CorrectionKind.ADD) continue;
    const same = await punchExists(manager, {
      ...{ employeeId, type: type as AttendanceType, recordedAt: recordedAt as Date },
    });
    if (same !== null && !voided.has(same)) throw alreadyThere();
  }
}
