import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { auditHash, signedAuditHash, type AuditDetails, type HashedEvent } from './audit-hash';
import { auditKeysOf, signEnd } from './audit-key';

/** What an audit event says was done. */
export type AuditAction =
  | 'employee.register'
  | 'employee.update'
  | 'employee.deactivate'
  | 'employee.reactivate'
  | 'employee.erase'
  | 'employee.erased'
  | 'employee.export'
  | 'employee.export-download'
  | 'office.create'
  | 'office.update'
  | 'office.delete'
  | 'kiosk-pairing.create'
  | 'uploads.retry'
  | 'face-template.add'
  | 'face-template.remove'
  | 'face-template.replace-all'
  | 'consent.record'
  | 'consent.withdraw'
  | 'attendance.manual'
  | 'attendance.void'
  | 'attendance.restore'
  | 'correction.request'
  | 'correction.approve'
  | 'correction.reject'
  | 'correction.withdraw'
  | 'overtime.decide'
  | 'plan.shift'
  | 'plan.schedule'
  | 'plan.assign'
  | 'plan.end'
  | 'plan.days'
  | 'rules.create'
  | 'rules.version'
  | 'holiday.import'
  | 'holiday.add'
  | 'holiday.remove'
  | 'absence.import'
  | 'absence.record'
  | 'absence.cancel'
  | 'report.link'
  | 'report.download'
  | 'retention.absences'
  | 'review.queue'
  | 'review.accept'
  | 'review.dismiss'
  | 'retention.review-items'
  | 'check.refused'
  | 'check.doubtful'
  | 'photo.read'
  | 'punches.read'
  | 'access.refused'
  | 'audit.notes-lost'
  | 'api-key.create'
  | 'api-key.rotate'
  | 'api-key.revoke'
  | 'lockout.begin'
  | 'lockout.lift'
  | 'encryption.rotate'
  | 'retention.photos'
  | 'audit.purge'
  | 'backup.create'
  | 'backup.restore';

export interface AuditEntry {
  readonly action: AuditAction;
  /** Who did it, as Actor names them. */
  readonly caller: string;
  /** Row id of the employee it was done to; null or left out: nobody in particular. */
  readonly employeeId?: string | null;
  /** Never a biometric, nor a name: ids, numbers and flags. */
  readonly details?: AuditDetails;
  /** The outcome of a refusal. Left out: OK, it was done. */
  readonly outcome?: string;
  /** The network address it came from. */
  readonly address?: string | null;
  readonly at: Date;
}

/** The length of the columns. */
const MAX_TEXT = 64;

/**
 * Adds an event to the audit trail, in the transaction of the change, so that neither exists without the other. It
 * locks the end of the trail until the transaction ends. So it comes last, after the locks of the gallery and of
 * employees; all transactions take locks in this order.
 */
export async function recordAudit(manager: EntityManager, entry: AuditEntry): Promise<void> {
  await recordAudits(manager, [entry]);
}

/** Adds several events, in their order. */
export async function recordAudits(manager: EntityManager, entries: readonly AuditEntry[]): Promise<void> {
  const [end] = await manager.query<{ sequence: string; hash: Buffer }[]>(
    'SELECT sequence, hash FROM audit_chain WHERE id = 1 FOR UPDATE',
  );
  if (end === undefined) throw new Error('The audit_chain table must have exactly one row');
  const key = auditKeysOf(manager.dataSource)?.current ?? null;
  let sequence = Number(end.sequence);
  let previousHash = end.hash;
  const rows: (HashedEvent & { readonly previousHash: Buffer; readonly hash: Buffer })[] = [];
  for (const {
    employeeId = null,
    details = {},
    address = null,
    caller,
    outcome = 'OK',
    ...entry
  } of entries) {
    sequence += 1;
    const event: HashedEvent = {
      ...entry,
      employeeId,
      details,
      sequence,
      id: uuidv7(),
      caller: caller.slice(0, MAX_TEXT),
      outcome: outcome.slice(0, MAX_TEXT),
      address: address?.slice(0, MAX_TEXT) ?? null,
    };
    const hash = key === null ? auditHash(event, previousHash) : signedAuditHash(event, previousHash, key);
    rows.push({ ...event, previousHash, hash });
    previousHash = hash;
  }
  // One statement for all events, because it locks the end of the trail and others wait.
  await manager.query(
    `INSERT INTO audit_events
       (sequence, id, at, action, outcome, caller, address, employee_id, details, previous_hash, hash, key_id)
     SELECT *, $12::varchar FROM unnest($1::bigint[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::uuid[], $9::jsonb[], $10::bytea[], $11::bytea[])`,
    [
      ...[rows.map((row) => row.sequence), rows.map((row) => row.id), rows.map((row) => row.at)],
      ...[rows.map((row) => row.action), rows.map((row) => row.outcome), rows.map((row) => row.caller)],
      ...[rows.map((row) => row.address), rows.map((row) => row.employeeId)],
      rows.map((row) => JSON.stringify(row.details)),
      ...[rows.map((row) => row.previousHash), rows.map((row) => row.hash), key?.id ?? null],
    ],
  );
  await manager.query(
    'UPDATE audit_chain SET sequence = $1, hash = $2, key_id = $3, signature = $4 WHERE id = 1',
    [sequence, previousHash, key?.id ?? null, key && signEnd(key, sequence, previousHash)],
  );
}
