import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { Poller } from '../../database/poller';

/** How often a node confirms that it still encrypts with its key. */
const EVERY_MS = 60_000;
/** A node that was silent for so long has crashed. */
const LOST_AFTER_SECONDS = 180;

/**
 * Announces the key with which this node encrypts, for as long as it runs. A rotation on another node, which already has
 * the new key, must not drop the old one meanwhile.
 */
export class KeyUse {
  readonly nodeId = randomUUID();
  private readonly poller: Poller;

  constructor(
    private readonly dataSource: DataSource,
    private readonly keyId: string,
    log: Logger,
  ) {
    this.poller = new Poller(
      () => this.say(dataSource.manager),
      (err) => log.warn({ err }, 'Could not record the use of the encryption key; will retry'),
      EVERY_MS,
    );
  }

  /** Call it before anything is encrypted. @param manager of the transaction that checked the keys */
  async begin(manager: EntityManager): Promise<void> {
    await this.say(manager);
    this.poller.start();
  }

  /** Call it after everything is encrypted. */
  async end(): Promise<void> {
    await this.poller.stop();
    await this.dataSource.query('DELETE FROM encryption_key_users WHERE node_id = $1', [this.nodeId]);
  }

  private async say(manager: EntityManager): Promise<void> {
    await manager.query(
      `INSERT INTO encryption_key_users (node_id, key_id) VALUES ($1, $2)
       ON CONFLICT (node_id) DO UPDATE SET seen_at = now()`,
      [this.nodeId, this.keyId],
    );
    await manager.query(
      `DELETE FROM encryption_key_users WHERE seen_at < now() - ${LOST_AFTER_SECONDS} * interval '1 second'`,
    );
  }
}

/** Other keys with which running nodes encrypt. @param keyId the key that is left out; null: none is */
export async function otherKeysInUse(manager: EntityManager, keyId: string | null): Promise<string[]> {
  const rows = await manager.query<{ key_id: string }[]>(
    `SELECT DISTINCT key_id FROM encryption_key_users WHERE ($1::text IS NULL OR key_id <> $1)
       AND seen_at >= now() - ${LOST_AFTER_SECONDS} * interval '1 second' ORDER BY key_id`,
    [keyId],
  );
  return rows.map(({ key_id: id }) => id);
}
