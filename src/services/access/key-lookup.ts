import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Statements } from '../../database/statements';
import type { Device } from '../../entities/api-key.entity';
import type { Role } from '../../entities/role';
import { isToken } from '../encryption/tokens';
import { SECRET_PREFIX } from './api-key-service';

/** How exact the last use of a key is: it is written no oftener. */
const LAST_USE_EVERY_MS = 60_000;

/**
 * $1 hash, $2 now. Looked for by a hash that has an index: how long that takes depends on the hash, which says
 * nothing about the secret.
 */
const FIND = `
  SELECT id, role, office_id, allow_offline, device, last_used_at,
    (SELECT allow_visitors FROM offices o WHERE o.id = k.office_id) AS allow_visitors
  FROM api_keys k WHERE (secret_hash = $1 OR (previous_hash = $1 AND previous_valid_until > $2))
    AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`;

/** $1 id, $2 now, $3 oldest time that counts as recent. */
const TOUCH = `UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $3)`;

interface KeyHolder {
  readonly id: string;
  readonly role: Role;
  readonly officeId: string | null;
  /** Whether it may send punches that were made offline. */
  readonly allowOffline: boolean;
  readonly device: Device;
  /** Whether its office takes visitors; null: no office. */
  readonly allowVisitors: boolean | null;
}

interface KeyRow {
  id: string;
  role: Role;
  office_id: string | null;
  allow_offline: boolean;
  device: Device;
  last_used_at: Date | null;
  allow_visitors: boolean | null;
}

/**
 * Finds the API key of a secret. There is no cache: one indexed query per request is the price for a revocation that
 * takes effect with the next request on every node.
 */
export class KeyLookup {
  /** Keys whose last use is being written. */
  private readonly touching = new Map<string, Promise<void>>();

  constructor(
    private readonly statements: Statements,
    private readonly log: Logger,
    private readonly now: () => Date,
  ) {}

  /** @returns null if it is not a key, or not a valid one */
  async find(secret: string): Promise<KeyHolder | null> {
    if (!isToken(secret, SECRET_PREFIX)) return null;
    const at = this.now();
    const [row] = await this.statements.run<KeyRow>('find-api-key', FIND, [
      hash('sha256', secret, 'buffer'),
      at,
    ]);
    if (row === undefined) return null;
    const recent = new Date(at.getTime() - LAST_USE_EVERY_MS);
    if (row.last_used_at === null || row.last_used_at < recent) this.touch(row.id, at, recent);
    const { id, role, office_id: officeId, allow_offline: allowOffline, device } = row;
    return { id, role, officeId, allowOffline, device, allowVisitors: row.allow_visitors };
  }

  /** Waits for running writes. */
  async settle(): Promise<void> {
    await Promise.all(this.touching.values());
  }

  /** Beside the request, which does not wait for it. */
  private touch(id: string, at: Date, recent: Date): void {
    if (this.touching.has(id)) return;
    const written = this.statements
      .run('touch-api-key', TOUCH, [id, at, recent])
      .then(() => undefined)
      .catch((err: unknown) => this.log.warn({ err }, 'Could not record the last use of an API key'))
      .finally(() => this.touching.delete(id));
    this.touching.set(id, written);
  }
}
