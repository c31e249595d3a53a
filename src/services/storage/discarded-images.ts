import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Cdn } from './cloudinary';
import type { LocalStore } from './local-store';
import { retryDelayMs, type UploadTiming } from './upload-timing';

/** At once: each holds a connection of the pool meanwhile, and checks need some. */
const BATCH = 4;
/** Between attempts where there are no credentials for the CDN; also the time a node has for what it took. */
const RETRY_SECONDS = 60;

/** One photo that this node has taken. */
interface Taken {
  readonly id: string;
  readonly path: string;
  readonly cloudinary_id: string | null;
  readonly erasure_id: string | null;
  readonly local_removed: boolean;
  readonly cdn_waits: boolean;
  readonly attempts: number;
}

/** Works off the photos that are to be removed. What remains is what the rows say, so nothing is forgotten. */
export class DiscardedImages {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly local: LocalStore,
    /** null: no Cloudinary credentials. */
    private readonly cdn: Cdn | null,
    private readonly log: Logger,
    private readonly timing: UploadTiming,
  ) {}

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.drain()
        .catch((err: unknown) => this.log.warn({ err }, 'Discarded photos could not be removed; tried again'))
        .finally(() => this.schedule(this.timing.pollMs));
    }, delayMs);
    this.timer.unref();
  }

  private async drain(): Promise<void> {
    while (!this.stopped) {
      // Taken by moving the time ahead: no transaction stays open while the network is slow.
      const [taken] = await this.dataSource.query<[Taken[], number]>(
        `UPDATE discarded_images SET next_at = now() + $2 * interval '1 second', attempts = attempts + 1
         WHERE id IN (SELECT id FROM discarded_images WHERE next_at <= now()
           ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING id, path, cloudinary_id, erasure_id, local_removed, cdn_after > now() AS cdn_waits, attempts`,
        [BATCH, RETRY_SECONDS],
      );
      await Promise.all(taken.map((row) => this.remove(row)));
      if (taken.length < BATCH) return;
    }
  }

  /** Never throws for what fails with one photo. */
  private async remove(row: Taken): Promise<void> {
    const { id, path, cloudinary_id: publicId, attempts } = row;
    try {
      if (!row.local_removed) await this.removeLocally(id, path);
      if (publicId === null) await this.finish(row);
      else if (row.cdn_waits) await this.dueAt(id, 'cdn_after');
      else await this.removeFromCdn(row, publicId);
    } catch (err) {
      this.log.warn({ err, path }, 'A discarded photo could not be removed; it is tried again');
      const reason = err instanceof Error ? err.message : 'unknown';
      const delayMs = Math.round(retryDelayMs(this.timing, attempts));
      await this.dueAt(id, `now() + ${delayMs} * interval '1 millisecond'`, reason.slice(0, 500));
    }
  }

  /**
   * Under the row's lock, and noted with it: once it is noted the file's name may be taken by somebody else, whose photo
   * a node that was slow must not remove.
   */
  private removeLocally(id: string, path: string): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<unknown[]>(
        'SELECT 1 FROM discarded_images WHERE id = $1 AND NOT local_removed FOR UPDATE',
        [id],
      );
      if (row === undefined) return;
      await this.local.remove(path);
      await manager.query('UPDATE discarded_images SET local_removed = true WHERE id = $1', [id]);
    });
  }

  private async removeFromCdn(row: Taken, publicId: string): Promise<void> {
    if (this.cdn === null) {
      // The row waits until there are credentials again.
      return this.dueAt(
        row.id,
        `now() + ${RETRY_SECONDS} * interval '1 second'`,
        'There are no Cloudinary credentials',
      );
    }
    const was = await this.cdn.destroy(publicId);
    // An erasure is proved: only a CDN that knows nothing of the photo has none.
    if (row.erasure_id !== null && was === 'removed') await this.dueAt(row.id, 'now()');
    else await this.finish(row);
  }

  /** That of an erasure stays until the erasure is complete. */
  private async finish({ id, erasure_id: erasureId }: Taken): Promise<void> {
    await this.dataSource.query(
      erasureId === null
        ? 'DELETE FROM discarded_images WHERE id = $1'
        : `UPDATE discarded_images SET cdn_removed = true, last_error = NULL, next_at = 'infinity' WHERE id = $1`,
      [id],
    );
  }

  /** @param moment in SQL */
  private async dueAt(id: string, moment: string, error: string | null = null): Promise<void> {
    await this.dataSource.query(
      `UPDATE discarded_images SET next_at = ${moment}, last_error = $2 WHERE id = $1`,
      [id, error],
    );
  }
}
