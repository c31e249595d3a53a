import { createHmac, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor } from './actor';
import type { AuditDetails } from './audit-hash';
import { recordAudit, type AuditAction } from './audit-log';

/** The values of a row by field, before or after a change. A field that is left out was not looked at. */
export type ChangedValues = Readonly<Record<string, string | number | boolean | Date | null | undefined>>;

interface Change {
  readonly action: AuditAction;
  readonly by: Actor;
  readonly at: Date;
  /** Row id of the employee whose data changed. Left out: no employee's. */
  readonly employeeId?: string;
  /** What the change is about, for example an office's id. */
  readonly ids?: AuditDetails;
  /** null: the row was created. */
  readonly before: ChangedValues | null;
  /** null: the row was deleted. */
  readonly after: ChangedValues | null;
}

/** Longest value that an event contains. */
const MAX_VALUE = 500;

/**
 * Records a change of a row in the transaction of the change: the names of the changed fields, and their values before
 * and after. If `employeeId` is given, the event has keyed hashes instead of the values. The key is in the employee's row, and
 * an erasure deletes it, after which nobody can test a guess. Call it after all other locks, as recordAudit.
 */
export async function auditChange(manager: EntityManager, change: Change): Promise<void> {
  const { action, by, at, employeeId, ids = {}, before, after } = change;
  const changed = changedFields(before, after);
  const shown =
    employeeId === undefined ? shortened : hashedWith(await personKey(manager, employeeId), employeeId);
  const details: Record<string, AuditDetails[string]> = { ...ids, changed: changed.join(',') };
  for (const field of changed) {
    if (before !== null) details[`${field}.before`] = shown(plain(before[field]), field);
    if (after !== null) details[`${field}.after`] = shown(plain(after[field]), field);
  }
  await recordAudit(manager, { ...by, action, employeeId: employeeId ?? null, details, at });
}

/** Fields whose values differ, in the order of the rows. */
function changedFields(before: ChangedValues | null, after: ChangedValues | null): string[] {
  const fields = Object.keys(after ?? before ?? {}).filter(
    (field) => (after ?? before)?.[field] !== undefined,
  );
  if (before === null || after === null) return fields;
  return fields.filter((field) => plain(before[field]) !== plain(after[field]));
}

function plain(value: ChangedValues[string]): AuditDetails[string] {
  return value instanceof Date ? value.toISOString() : (value ?? null);
}

type Shown = (value: AuditDetails[string], field: string) => AuditDetails[string];

const shortened: Shown = (value) => (typeof value === 'string' ? value.slice(0, MAX_VALUE) : value);

/** HMAC-SHA-256, of which 128 bits are kept. null stays null, so that the event says whether there was a value. */
const hashedWith =
  (key: Buffer, employeeId: string): Shown =>
  (value, field) =>
    value === null
      ? null
      : createHmac('sha256', key)
          .update(JSON.stringify([employeeId, field, value]))
          .digest('hex')
          .slice(0, 32);

/** The key of an employee's hashes. It is made with the first change. */
async function personKey(manager: EntityManager, employeeId: string): Promise<Buffer> {
  const [rows] = await manager.query<[{ audit_key: Buffer }[], number]>(
    'UPDATE employees SET audit_key = coalesce(audit_key, $2) WHERE id = $1 RETURNING audit_key',
    [employeeId, randomBytes(32)],
  );
  // Without a row the person is gone, and a key that nobody keeps is as good as none.
  return rows[0]?.audit_key ?? randomBytes(32);
}
