import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditEvent } from '../entities/audit-event.entity';

/** What an audit event says was done. */
export type AuditAction =
  'employee.register' | 'face-template.add' | 'face-template.remove' | 'face-template.replace-all';

/**
 * Adds an event to the audit trail, in the transaction of what it tells: the one is not there without the other.
 * @param details never a biometric: ids and flags
 */
export async function recordAudit(
  manager: EntityManager,
  action: AuditAction,
  employeeId: string,
  details: Readonly<Record<string, string | boolean | number | null>>,
  at: Date,
): Promise<void> {
  await manager.save(manager.create(AuditEvent, { id: uuidv7(), at, action, employeeId, details }));
}
