import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { Poller } from '../poller';
import type { CdnClouds } from './cdn-clouds';
import type { LocalStore } from './local-store';
import { retryDelayMs, type UploadTiming } from './upload-timing';

/** At once: each holds a connection of the pool meanwhile, and checks need some. */
const BATCH = 4;
/** Between attempts where there are no credentials for the CDN; also the time a node has for what it took. */
const RETRY_SECONDS = 60;

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

export interface DiscardedImagesParts {
  readonly dataSource: DataSource;
  readonly local: LocalStore;
  readonly clouds: CdnClouds;
  readonly log: Logger;
  readonly timing: UploadTiming;
}

/** Works off the photos that are to be removed. What remains is what the rows say, so nothing is forgotten. */
export class DiscardedImages {
  private readonly poller: Poller;

  constructor(private readonly parts: DiscardedImagesParts) {
    const { log, timing } = parts;
    this.poller = new Poller(
      (signal) => this.drain(signal),
      (err) => log.warn({ err }, 'Discarded photos could not be removed; tried again'),
      timing.pollMs,
    );
  }

  start(): void {
    this.poller.start();
  }

  stop(): Promise<void> {
    return this.poller.stop();
  }

  private async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Taken by moving the time ahead: no transaction stays open while the network is slow.
      const [taken] = await this.parts.dataSource.query<[Taken[], number]>(
        `UPDATE discarded_images SET next_at = now() + $2 * interval '1 second', attempts = attempts + 1
         WHERE id IN (SELECT id FROM discarded_images WHERE next_at <= now()
           ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id, path, cloudinary_id, cloud_name, local_removed, cdn_after > now() AS cdn_waits, attempts`,
        [BATCH, RETRY_SECONDS],
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
      else if (row.cdn_waits) await this.dueAt(id, 'cdn_after');
      else await this.removeFromCdn(row, publicId);
    } catch (err) {
      log.warn({ err, path }, 'A discarded photo could not be removed; it is tried again');
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

  private async removeFromCdn({ id, cloud_name: cloudName }: Taken, publicId: string): Promise<void> {
    const cdn = this.parts.clouds.named(cloudName);
    if (cdn === null) {
      // The row waits until there are credentials again.
      return this.dueAt(id, `now() + ${RETRY_SECONDS} * interval '1 second'`, withoutCredentials(cloudName));
    }
    const was = cdn === 'closed' ? 'absent' : await cdn.destroy(publicId);
    if (was === 'absent') return this.finish(id);
    // An erasure is proved: only a CDN that knows nothing of the photo has none.
    if (!(await this.forget(id))) await this.dueAt(id, 'now()');
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

  /** @param moment in SQL */
  private async dueAt(id: string, moment: string, error: string | null = null): Promise<void> {
    await this.parts.dataSource.query(
      `UPDATE discarded_images SET next_at = ${moment}, last_error = $2 WHERE id = $1`,
      [id, error],
    );
  }
}

const withoutCredentials = (cloudName: string | null): string =>
  cloudName === null
    ? 'There are no Cloudinary credentials'
    : `There are no credentials for the Cloudinary account ${cloudName} (CLOUDINARY_URL or CLOUDINARY_FORMER_URLS)`;
