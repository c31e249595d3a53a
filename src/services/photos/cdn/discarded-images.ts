import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { LeasedRows } from '../../../database/leased-rows';
import { Poller } from '../../../database/poller';
import type { CdnClouds } from './cdn-clouds';
import { formatTarget } from './cdn-target';
import { IMAGE_FOLDERS } from '../local/image-owner';
import type { LocalStore } from '../local/local-store';
import type { UploadTiming } from './upload-timing';

/** At once: each holds a connection of the pool meanwhile, and checks need some. */
const BATCH = 4;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** How long a node may work on a leased row. */
const LEASE_SECONDS = 60;

/** One photo that this node has taken. */
interface Taken {
  readonly id: string;
  readonly path: string | null;
  readonly cloudinary_id: string | null;
  readonly cdn_tag: string | null;
  readonly cloud_name: string | null;
  readonly local_removed: boolean;
  readonly cdn_wait_ms: number;
}

interface DiscardedImagesOptions {
  readonly dataSource: DataSource;
  readonly local: LocalStore;
  readonly clouds: CdnClouds;
  readonly log: Logger;
  readonly timing: UploadTiming;
}

/** Removes discarded photos. The rows show what is left, so nothing is forgotten. */
export class DiscardedImages {
  readonly poller: Poller;
  private readonly rows: LeasedRows<Taken>;
  private begun = false;

  constructor(private readonly options: DiscardedImagesOptions) {
    const { dataSource, log, timing } = options;
    this.rows = new LeasedRows<Taken>(dataSource, {
      table: 'discarded_images',
      returning: `id, path, cloudinary_id, cdn_tag, cloud_name, local_removed,
        greatest(0, ceil(extract(epoch FROM cdn_after - now()) * 1000))::int AS cdn_wait_ms`,
      backOff: timing,
    });
    this.poller = new Poller(
      (signal) => this.drain(signal),
      (err) => log.warn({ err }, 'Could not remove discarded photos; will retry'),
      timing.pollMs,
    );
  }

  /** What is still to be removed, and why the last attempt at one of it failed. */
  async pending(): Promise<{ readonly count: number; readonly lastError: string | null }> {
    const [row] = await this.options.dataSource.query<{ count: number; last_error: string | null }[]>(
      `SELECT count(*)::int AS count, max(last_error) AS last_error FROM discarded_images
       WHERE NOT (local_removed AND cdn_removed)`,
    );
    return { count: row?.count ?? 0, lastError: row?.last_error ?? null };
  }

  private async drain(signal: AbortSignal): Promise<void> {
    if (!this.begun) {
      // What failed or waits for credentials is tried at once: the configuration may be another.
      await this.options.dataSource.query(
        `UPDATE discarded_images SET next_at = now() WHERE last_error IS NOT NULL AND next_at <> 'infinity'`,
      );
      this.begun = true;
    }
    await this.rows.drain(signal, {
      limit: () => BATCH,
      leaseSeconds: LEASE_SECONDS,
      work: (row) => this.remove(row),
      failed: (err, { path }) => {
        this.options.log.warn({ err, path }, 'A discarded photo could not be removed; will retry');
        return err instanceof Error ? err.message : 'unknown';
      },
    });
  }

  private async remove(row: Taken): Promise<void> {
    const { id, path, cloudinary_id: publicId } = row;
    if (path !== null && !row.local_removed) await this.removeLocally(id, path);
    if (publicId === null) await this.finish(id);
    else await this.removeFromCdn(row, publicId);
  }

  /**
   * Under the row's lock, and noted with it: once it is noted the file's name may be taken by somebody else, whose photo
   * a node that was slow must not remove.
   */
  private removeLocally(id: string, path: string): Promise<void> {
    return this.options.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<unknown[]>(
        'SELECT 1 FROM discarded_images WHERE id = $1 AND NOT local_removed FOR UPDATE',
        [id],
      );
      if (row === undefined) return;
      await this.options.local.remove(path);
      await manager.query('UPDATE discarded_images SET local_removed = true WHERE id = $1', [id]);
    });
  }

  private async removeFromCdn(row: Taken, publicId: string): Promise<void> {
    const { clouds, timing } = this.options;
    const { id, cloud_name: cloudName, cdn_tag: tag, path, cdn_wait_ms: waitMs } = row;
    const { cdns, missing } = clouds.holders(cloudName);
    // No failure: the row waits until there are credentials again, which the next start looks for.
    if (missing !== null) return this.rows.wait(row, timing.maxRetryMs, missing);
    if (waitMs > 0) return this.rows.wait(row, waitMs, null);
    // The configured account uses this public id again, so the asset must stay.
    if (path === null && (await this.isAimedAt(cloudName, publicId))) return this.finish(id);
    let gone = true;
    for (const cdn of cdns) {
      if ((await cdn.destroy(publicId)) === 'removed') gone = false;
      // Last, because the calls for tags are counted by the CDN.
      else if (tag !== null && (await cdn.destroyTagged(tag)) === 'removed') gone = false;
    }
    if (gone) return this.finish(id);
    // An erasure is proved: only a CDN that knows nothing of the photo has none.
    if (!(await this.forget(id))) await this.rows.wait(row, 0, null);
  }

  /** Whether a photo that is somebody's is, or is to be, copied to this place. */
  private async isAimedAt(cloudName: string | null, publicId: string): Promise<boolean> {
    // A preset may have put something around it.
    const [rowId] = UUID.exec(publicId) ?? [];
    if (cloudName === null || rowId === undefined) return false;
    const tables = Object.keys(IMAGE_FOLDERS).map(
      (table) => `SELECT 1 FROM ${table} WHERE id = $1 AND image_cdn_target = $2`,
    );
    const rows = await this.options.dataSource.query<unknown[]>(tables.join(' UNION ALL '), [
      rowId,
      formatTarget({ cloudName, publicId }),
    ]);
    return rows.length > 0;
  }

  private async finish(id: string): Promise<void> {
    if (await this.forget(id)) return;
    await this.options.dataSource.query(
      `UPDATE discarded_images SET cdn_removed = true, last_error = NULL, next_at = 'infinity' WHERE id = $1`,
      [id],
    );
  }

  /** That of an erasure, which may have begun just now, stays until the erasure is complete. @returns whether it is gone */
  private async forget(id: string): Promise<boolean> {
    const [, count] = await this.options.dataSource.query<[unknown[], number]>(
      'DELETE FROM discarded_images WHERE id = $1 AND erasure_id IS NULL',
      [id],
    );
    return count === 1;
  }
}
