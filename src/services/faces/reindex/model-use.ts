import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { ConfigError } from '../../../config/config';
import { Poller } from '../../../database/poller';

/** How often a node records its face model. */
const EVERY_MS = 60_000;
/** Not heard of for so long, a node has died without saying so. */
const LOST_AFTER_SECONDS = 180;
/** A node of this version says both of its things a moment apart. */
const ATTEMPTS = 5;
const PAUSE_MS = 500;

/**
 * Says by which model this node describes faces for as long as it runs. Nodes with different models would compute each
 * other's templates again, and find only those of their own: the one that starts later is refused.
 */
export class ModelUse {
  private readonly poller: Poller;

  /** @param nodeId under which this node says that it uses an encryption key, if it does */
  constructor(
    private readonly dataSource: DataSource,
    private readonly modelId: string,
    private readonly nodeId: string,
    log: Logger,
  ) {
    this.poller = new Poller(
      () => this.say(),
      (err) => log.warn({ err }, 'Could not record the face model of this node; will retry'),
      EVERY_MS,
    );
  }

  /** @throws ConfigError if a running node has another model, or is of a version before there were models */
  async begin(): Promise<void> {
    await this.say();
    for (let attempt = 1; ; attempt++) {
      const other = await this.other();
      if (other === null) break;
      if (attempt === ATTEMPTS) {
        await this.forget();
        throw new ConfigError([
          `Another node is running with ${other}. Stop all nodes, then start them with the same version and FACE_MODEL_DIR. ` +
            'A node that crashed counts as running for three minutes',
        ]);
      }
      await sleep(PAUSE_MS);
    }
    this.poller.start();
  }

  async end(): Promise<void> {
    await this.poller.stop();
    await this.forget();
  }

  /** What another node runs with that does not go with this one; null: there is none. */
  private async other(): Promise<string | null> {
    const [row] = await this.dataSource.query<{ model: string | null }[]>(
      `SELECT model_id AS model FROM face_model_users
        WHERE node_id <> $1 AND model_id <> $2 AND seen_at >= now() - ${LOST_AFTER_SECONDS} * interval '1 second'
       UNION ALL SELECT NULL FROM encryption_key_users k
        WHERE k.node_id <> $1 AND k.seen_at >= now() - ${LOST_AFTER_SECONDS} * interval '1 second'
          AND NOT EXISTS (SELECT FROM face_model_users m WHERE m.node_id = k.node_id)
       LIMIT 1`,
      [this.nodeId, this.modelId],
    );
    if (row === undefined) return null;
    return row.model === null ? 'an earlier version' : `the face model ${row.model}`;
  }

  private async say(): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO face_model_users (node_id, model_id) VALUES ($1, $2)
       ON CONFLICT (node_id) DO UPDATE SET seen_at = now()`,
      [this.nodeId, this.modelId],
    );
    await this.dataSource.query(
      `DELETE FROM face_model_users WHERE seen_at < now() - ${LOST_AFTER_SECONDS} * interval '1 second'`,
    );
  }

  private async forget(): Promise<void> {
    await this.dataSource.query('DELETE FROM face_model_users WHERE node_id = $1', [this.nodeId]);
  }
}
