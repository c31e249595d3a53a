import { createHash } from 'node:crypto';
import type { AuditKey } from './audit-key';

/** Flat on purpose: ids, numbers and flags, never a biometric and no name. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** The hashed text of an event: all of its fields. */
export interface HashedEvent {
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number;
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly outcome: string;
  readonly caller: string;
  readonly address: string | null;
  readonly employeeId: string | null;
  readonly details: AuditDetails;
}

/** Used as the hash before the first event. */
export const NO_HASH = Buffer.alloc(32);

/** The values of an event in their order. The details are sorted, since jsonb does not keep the order of keys. */
function valuesOf(event: HashedEvent, previousHash: Buffer): unknown[] {
  const { sequence, id, at, action, outcome, caller, address, employeeId, details } = event;
  const sorted = Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...[sequence, previousHash.toString('hex'), id, at.toISOString(), action, outcome],
    ...[caller, address, employeeId, sorted],
  ];
}

/**
 * SHA-256 over an event and the hash of the one before it: the form of events from before they were signed. The text is JSON of
 * a list, so no two events have the same. Its first element names this form: rows that exist are verified with it for ever,
 * so another form would be a second one beside it.
 */
export const auditHash = (event: HashedEvent, previousHash: Buffer): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(['rollcall-audit-1', ...valuesOf(event, previousHash)]), 'utf8')
    .digest();

/** HMAC-SHA-256 over the same: nobody who writes to the database can make one. */
export const signedAuditHash = (event: HashedEvent, previousHash: Buffer, key: AuditKey): Buffer =>
  key.sign('rollcall-audit-2', valuesOf(event, previousHash));
