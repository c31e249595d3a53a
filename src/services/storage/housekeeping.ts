import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { withoutRow } from './image-rows';
import type { LocalStore } from './local-store';

/** A file without a row is left alone for this long: its row may be about to be written. */
const ORPHAN_AGE_MS = 3_600_000;
const SWEEP_EVERY_MS = 3_600_000;
/** The hourly sweep looks at the folders of this many days; the one at start looks at all. */
const RECENT_DAYS = 2;
const BATCH = 500;
const MS_PER_DAY = 86_400_000;

/** Removes what is left over: files that a crash left without a row, and rows whose time is over. */
export class Housekeeping {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly local: LocalStore,
    /** Delete what other services keep for a time only. */
    private readonly purges: readonly (() => Promise<void>)[],
    private readonly log: Logger,
    private readonly now: () => Date,
  ) {}

  /** Purges and sweeps everything now, in the background; every hour it purges, and sweeps what is recent. */
  start({ sweep }: { sweep: boolean } = { sweep: true }): void {
    const run = (folders: readonly string[]): void => {
      if (this.stopped || this.running !== null) return;
      this.running = this.purge()
        .then(() => (sweep ? this.sweep(folders) : 0))
        .then((removed) => {
          if (removed > 0) this.log.info({ removed }, 'Removed files that a crash left without a row');
        })
        .catch((error: unknown) => this.log.warn({ err: error }, 'Housekeeping failed; it tries again'))
        .finally(() => {
          this.running = null;
        });
    };
    run(['attendance_images', 'face_images']);
    this.timer = setInterval(() => run([...this.recentFolders(), 'face_images']), SWEEP_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  /** Removes files older than an hour below these media folders that no row names. @returns how many */
  async sweep(folders: readonly string[] = ['attendance_images', 'face_images']): Promise<number> {
    const olderThan = new Date(this.now().getTime() - ORPHAN_AGE_MS);
    await this.local.sweepIncoming(olderThan);
    let removed = 0;
    let batch: string[] = [];
    const flush = async (): Promise<void> => {
      for (const path of await withoutRow(this.dataSource.manager, batch))
        if (await this.removeOrphan(path, olderThan)) removed++;
      batch = [];
    };
    for (const folder of folders) {
      for await (const { path, modifiedAt } of this.local.list(folder)) {
        if (this.stopped) return removed;
        if (modifiedAt < olderThan) batch.push(path);
        if (batch.length === BATCH) await flush();
      }
    }
    await flush();
    return removed;
  }

  /** One that fails does not keep the others from their turn. */
  private async purge(): Promise<void> {
    for (const purge of this.purges) {
      await purge().catch((error: unknown) => {
        this.log.warn({ err: error }, 'Rows whose time is over could not be deleted; it is tried again');
      });
    }
  }

  private recentFolders(): string[] {
    return Array.from({ length: RECENT_DAYS }, (_, days) => {
      const day = new Date(this.now().getTime() - days * MS_PER_DAY).toISOString().slice(0, 10);
      return `attendance_images/${day.replaceAll('-', '/')}`;
    });
  }

  /**
   * Looks again under the lock that every enrolment holds while it renames its photo into place: a new enrolment
   * may just be taking the name over.
   */
  private removeOrphan(path: string, olderThan: Date): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT version FROM gallery_state WHERE id = 1 FOR UPDATE');
      const modifiedAt = await this.local.modifiedAt(path);
      if (modifiedAt === null || modifiedAt >= olderThan) return false;
      if ((await withoutRow(manager, [path])).length === 0) return false;
      await this.local.remove(path);
      return true;
    });
  }
}
