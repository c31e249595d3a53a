import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DiscardedImage } from '../../../entities/discarded-image.entity';
import { Employee } from '../../../entities/employee.entity';
import { Erasure } from '../../../entities/erasure.entity';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { dropEmployeePhoto, dropTemplates, type DiscardOf } from '../../employees/enrolment/drop-faces';
import { recordGalleryChange } from '../../faces/matching/gallery-sync';
import { PERSONAL_TABLES } from '../personal-data';

/** Photos of the person that were discarded earlier and are not removed yet belong to the erasure as well. */
export async function takeOverDiscards(
  manager: EntityManager,
  { id: erasureId, subjectId }: Pick<Erasure, 'id' | 'subjectId'>,
): Promise<void> {
  await manager
    .createQueryBuilder()
    .update(DiscardedImage)
    .set({ erasureId })
    .where('subject_id = :subjectId AND erasure_id IS NULL', { subjectId })
    .execute();
}

interface ErasureOrder {
  /** Whether punches are kept, without biometric data. */
  readonly keepAttendance: boolean;
  readonly by: Actor;
  readonly at: Date;
}

/**
 * Begins to erase an employee, in a transaction that has the gallery's lock: once it is committed no node matches the
 * face, no punch is written and nobody finds the employee; the templates are gone. The rest is the worker's.
 */
export async function beginErasure(
  manager: EntityManager,
  employee: Employee,
  { keepAttendance, by, at }: ErasureOrder,
  discardOf: DiscardOf,
): Promise<Erasure> {
  const { id: subjectId } = employee;
  await recordGalleryChange(manager, subjectId);
  const erasure = manager.create(Erasure, {
    id: uuidv7(),
    subjectId,
    keepAttendance,
    requestedBy: by.caller,
    requestedAt: at,
    startedAt: null,
    completedAt: null,
    loggedIn: [],
  });
  await manager.insert(Erasure, erasure);
  await manager.update(
    Employee,
    { id: subjectId },
    { active: false, deactivatedAt: employee.deactivatedAt ?? at, erasedAt: at },
  );
  const erasureId = erasure.id;
  await takeOverDiscards(manager, erasure);
  await dropTemplates(manager, discardOf, { subjectId, erasureId });
  await dropEmployeePhoto(manager, employee, discardOf, erasureId);
  for (const [table, { of, erasure: rule }] of PERSONAL_TABLES) {
    if (rule === 'delete' && of !== null)
      await manager.query(`DELETE FROM ${table} WHERE ${of}`, [subjectId]);
  }
  await recordAudit(manager, {
    ...by,
    action: 'employee.erase',
    employeeId: subjectId,
    details: { erasureId, keepAttendance },
    at,
  });
  return erasure;
}
