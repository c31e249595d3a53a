import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { Poller } from '../../database/poller';

/** How often a node says that it still encrypts under its key. */
const EVERY_MS = 60_000;
/** Not heard of for so long, a node has died without saying so. */
const LOST_AFTER_SECONDS = 180;

/**
 * Says under which key this node encrypts for as long as it runs: a rotation on another node, which has the new key
 * already, must not call the old one done with.
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
      (err) => log.warn({ err }, 'Could not record the use of the encryption key; it is retried'),
      EVERY_MS,
    );
  }

  /** Before anything is encrypted. @param manager of the transaction that has made sure of the keys */
  async begin(manager: EntityManager): Promise<void> {
    await this.say(manager);
    this.poller.start();
  }

  /** After everything is. */
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

/** Keys other than this one under which a running node encrypts. @param keyId null: any */
export async function otherKeysInUse(manager: EntityManager, keyId: string | null): Promise<string[]> {
  const rows = await manager.query<{ key_id: string }[]>(
    `SELECT DISTINCT key_id FROM encryption_key_users WHERE ($1::text IS NULL OR key_id <> $1)
       AND seen_at >= now() - ${LOST_AFTER_SECONDS} * interval '1 second' ORDER BY key_id`,
    [keyId],
  );
  return rows.map(({ key_id: id }) => id);
}
