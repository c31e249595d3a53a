import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Poller } from '../../../database/poller';
import type { CdnClouds } from './cdn-clouds';
import { formatTarget } from './cdn-target';
import { IMAGE_FOLDERS } from '../local/image-owner';
import type { LocalStore } from '../local/local-store';
import { retryDelayMs, type UploadTiming } from './upload-timing';

/** At once: each holds a connection of the pool meanwhile, and checks need some. */
const BATCH = 4;
/** How long a node may work on a leased row. */
const LEASE_SECONDS = 60;

/** One photo that this node has taken. */
interface Taken {
  readonly id: string;
  readonly path: string | null;
  readonly cloudinary_id: string | null;
  readonly cloud_name: string | null;
  readonly local_removed: boolean;
  readonly cdn_waits: boolean;
  readonly attempts: number;
}

interface DiscardedImagesParts {
  readonly dataSource: DataSource;
  readonly local: LocalStore;
  readonly clouds: CdnClouds;
  readonly log: Logger;
  readonly timing: UploadTiming;
}

/** Removes discarded photos. The rows show what is left, so nothing is forgotten. */
export class DiscardedImages {
  private readonly poller: Poller;
  private begun = false;

  constructor(private readonly parts: DiscardedImagesParts) {
    const { log, timing } = parts;
    this.poller = new Poller(
      (signal) => this.drain(signal),
      (err) => log.warn({ err }, 'Could not remove discarded photos; it is retried'),
      timing.pollMs,
    );
  }

  /** Runs the due work now. */
  run(): Promise<void> {
    return this.poller.run();
  }

  start(): void {
    this.poller.start();
  }

  stop(): Promise<void> {
    return this.poller.stop();
  }

  /** What is still to be removed, and why the last attempt failed. */
  async pending(): Promise<{ readonly count: number; readonly lastError: string | null }> {
    const [row] = await this.parts.dataSource.query<{ count: number; last_error: string | null }[]>(
      `SELECT count(*)::int AS count, max(last_error) AS last_error FROM discarded_images
       WHERE NOT (local_removed AND cdn_removed)`,
    );
    return { count: row?.count ?? 0, lastError: row?.last_error ?? null };
  }

  private async drain(signal: AbortSignal): Promise<void> {
    if (!this.begun) {
      // What failed or waits for credentials is tried at once: the configuration may be another.
      await this.parts.dataSource.query(
        `UPDATE discarded_images SET next_at = now() WHERE last_error IS NOT NULL AND next_at <> 'infinity'`,
      );
      this.begun = true;
    }
    while (!signal.aborted) {
      // Taken by moving the time ahead: no transaction stays open while the network is slow.
      const [taken] = await this.parts.dataSource.query<[Taken[], number]>(
        `UPDATE discarded_images SET next_at = now() + $2 * interval '1 second', attempts = attempts + 1
         WHERE id IN (SELECT id FROM discarded_images WHERE next_at <= now()
           ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id, path, cloudinary_id, cloud_name, local_removed, cdn_after > now() AS cdn_waits, attempts`,
        [BATCH, LEASE_SECONDS],
      );
      await Promise.all(taken.map((row) => this.remove(row)));
      if (taken.length < BATCH) return;
    }
  }

  /** Never throws for what fails with one photo. */
  private async remove(row: Taken): Promise<void> {
    const { id, path, cloudinary_id: publicId, attempts } = row;
    const { log, timing } = this.parts;
    try {
      if (path !== null && !row.local_removed) await this.removeLocally(id, path);
      if (publicId === null) await this.finish(id);
      else await this.removeFromCdn(row, publicId);
    } catch (err) {
      log.warn({ err, path }, 'Could not remove a discarded photo; it is retried');
      const reason = err instanceof Error ? err.message : 'unknown';
      const delayMs = Math.round(retryDelayMs(timing, attempts));
      await this.dueAt(id, `now() + ${delayMs} * interval '1 millisecond'`, reason.slice(0, 500));
    }
  }

  /**
   * Under the row's lock, and noted with it: once it is noted the file's name may be taken by somebody else, whose photo
   * a node that was slow must not remove.
   */
  private removeLocally(id: string, path: string): Promise<void> {
    return this.parts.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<unknown[]>(
        'SELECT 1 FROM discarded_images WHERE id = $1 AND NOT local_removed FOR UPDATE',
        [id],
      );
      if (row === undefined) return;
      await this.parts.local.remove(path);
      await manager.query('UPDATE discarded_images SET local_removed = true WHERE id = $1', [id]);
    });
  }

  private async removeFromCdn(
    { id, cloud_name: cloudName, path, cdn_waits: waits }: Taken,
    publicId: string,
  ): Promise<void> {
    const { clouds, timing } = this.parts;
    const { cdns, missing } = clouds.holders(cloudName);
    if (missing !== null) {
      // No failure: the row waits until there are credentials again, which the next start looks for.
      return this.dueAt(id, `now() + ${timing.maxRetryMs} * interval '1 millisecond', attempts = 0`, missing);
    }
    if (waits) return this.dueAt(id, 'cdn_after');
    // An upload uses this photo again, so it is no longer discarded.
    if (path === null && (await this.isAimedAt(cloudName, publicId))) return this.finish(id);
    let gone = true;
    for (const cdn of cdns) if ((await cdn.destroy(publicId)) === 'removed') gone = false;
    if (gone) return this.finish(id);
    // An erasure is proved: only a CDN that knows nothing of the photo has none.
    if (!(await this.forget(id))) await this.dueAt(id, 'now()');
  }

  /** Whether a photo that is somebody's is, or is to be, copied to this place. */
  private async isAimedAt(cloudName: string | null, publicId: string): Promise<boolean> {
    const rowId = publicId.slice(publicId.lastIndexOf('/') + 1);
    if (cloudName === null || !isUuid(rowId)) return false;
    const tables = Object.keys(IMAGE_FOLDERS).map(
      (table) => `SELECT 1 FROM ${table} WHERE id = $1 AND image_cdn_target = $2`,
    );
    const rows = await this.parts.dataSource.query<unknown[]>(tables.join(' UNION ALL '), [
      rowId,
      formatTarget({ cloudName, publicId }),
    ]);
    return rows.length > 0;
  }

  private async finish(id: string): Promise<void> {
    if (await this.forget(id)) return;
    await this.parts.dataSource.query(
      `UPDATE discarded_images SET cdn_removed = true, last_error = NULL, next_at = 'infinity' WHERE id = $1`,
      [id],
    );
  }

  /** That of an erasure, which may have begun just now, stays until the erasure is complete. @returns whether it is gone */
  private async forget(id: string): Promise<boolean> {
    const [, count] = await this.parts.dataSource.query<[unknown[], number]>(
      'DELETE FROM discarded_images WHERE id = $1 AND erasure_id IS NULL',
      [id],
    );
    return count === 1;
  }

  /** @param moment in SQL, with further assignments if need be */
  private async dueAt(id: string, moment: string, error: string | null = null): Promise<void> {
    await this.parts.dataSource.query(
      `UPDATE discarded_images SET next_at = ${moment}, last_error = $2 WHERE id = $1`,
      [id, error],
    );
  }
}
