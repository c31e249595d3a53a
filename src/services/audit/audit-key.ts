import { createHmac, type Hmac } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** A key that signs audit events. */
export class AuditKey {
  /** 16 hex digits. The key cannot be computed from it. */
  readonly id: string;

  /** @param secret 32 bytes */
  constructor(private readonly secret: Buffer) {
    this.id = this.hmac('key id').digest('hex').slice(0, 16);
  }

  /** Signs a list of values. @param purpose keeps signatures of one purpose from being taken for another */
  sign(purpose: string, values: readonly unknown[]): Buffer {
    return this.hmac(JSON.stringify([purpose, this.id, ...values])).digest();
  }

  private hmac(text: string): Hmac {
    return createHmac('sha256', this.secret).update(text, 'utf8');
  }
}

/** The keys that this process has: one signs, and all verify. */
export interface AuditKeys {
  readonly current: AuditKey;
  readonly all: ReadonlyMap<string, AuditKey>;
}

/**
 * By database, since events are recorded wherever a transaction is open: nobody has to pass the key along.
 * The code that opens the database registers it (openAuditKeys).
 */
const KEYS = new WeakMap<DataSource, AuditKeys>();

export const registerAuditKeys = (dataSource: DataSource, keys: AuditKeys): void =>
  void KEYS.set(dataSource, keys);

/** null: this process has no key, and its events are not signed; a verification then reports them. */
export const auditKeysOf = (dataSource: DataSource): AuditKeys | null => KEYS.get(dataSource) ?? null;

/** Signs the end of the trail, so nobody can remove its last events unnoticed. */
export const signEnd = (key: AuditKey, sequence: number, hash: Buffer): Buffer =>
  key.sign('rollcall-audit-end-1', [sequence, hash.toString('hex')]);

/** Signs from where on a key signs events, and what came before. */
export const signBegin = (key: AuditKey, signedFrom: number, previousHash: Buffer): Buffer =>
  key.sign('rollcall-audit-begin-1', [signedFrom, previousHash.toString('hex')]);
