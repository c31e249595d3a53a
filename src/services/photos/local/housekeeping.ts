import type { Logger } from 'pino';
import { Poller } from '../../../database/poller';
import type { LocalStore } from './local-store';
import { isPunchPhoto } from './lost-punches';
import { MEDIA_FOLDERS, recentFolders, type Orphans } from './orphans';

/** A file without a row is left alone for this long: its row may be about to be written. */
const ORPHAN_AGE_MS = 3_600_000;
const EVERY_MS = 3_600_000;
const RETRY_MS = 60_000;
/** How often every folder is looked through, and not only those in which photos are put now. */
const SWEEP_ALL_EVERY_MS = 86_400_000;

/** Deletes expired rows, until the signal is aborted. */
export type Purge = (signal: AbortSignal) => Promise<void>;

interface HousekeepingOptions {
  readonly local: LocalStore;
  readonly orphans: Orphans;
  /** Whether the photos are those of the database, which may be replaced at any time. */
  readonly belongs: () => Promise<boolean>;
  /** Of what other services keep for a time only. */
  readonly purges: readonly Purge[];
  readonly log: Logger;
  readonly now: () => Date;
}

/** Deletes files without a row that a crash left, and expired rows. */
export class Housekeeping {
  private readonly poller: Poller;
  private sweeps = true;
  private sweptAllAt: Date | null = null;

  constructor(private readonly options: HousekeepingOptions) {
    this.poller = new Poller(
      (signal) => this.round(signal),
      (err) => options.log.warn({ err }, 'Housekeeping failed; will retry'),
      { everyMs: EVERY_MS, retryMs: RETRY_MS },
    );
  }

  /** Sweeps every folder, and purges, now, in the background; then every hour, and every folder once a day. */
  start({ sweep }: { sweep: boolean } = { sweep: true }): void {
    this.sweeps = sweep;
    this.poller.start();
  }

  stop(): Promise<void> {
    return this.poller.stop();
  }

  /** Whether every folder was looked through since the start. */
  get sweptAll(): boolean {
    return this.sweptAllAt !== null;
  }

  /**
   * Removes files older than an hour below these media folders that no row names and none has named. Those that a row has
   * named stay: the database was set back. @returns how many were removed
   */
  async sweep(folders: readonly string[] = MEDIA_FOLDERS, signal?: AbortSignal): Promise<number> {
    const { local, orphans, belongs, log, now } = this.options;
    const before = new Date(now().getTime() - ORPHAN_AGE_MS);
    await local.sweepIncoming(before);
    let [removed, adopted, enrolments] = [0, 0, 0];
    for await (const files of orphans.find(folders, before, signal)) {
      if (files.length > 0 && !(await belongs())) {
        log.error('DATA_DIR contains the photos of another database. None is deleted. Check DATABASE_URL');
        break;
      }
      for (const { path, confirmed } of files) {
        if (!confirmed) removed += await this.done(orphans.remove(path, before), path);
        else if (isPunchPhoto(path)) adopted += await this.done(orphans.adopt(path), path);
        else enrolments += 1;
      }
    }
    if (adopted > 0) {
      log.error(
        { adopted },
        'The database was restored to an earlier time. Photos of the missing punches became review items',
      );
    }
    if (enrolments > 0) {
      log.error(
        { enrolments },
        'The database was restored to an earlier time. Photos of the missing enrolments stay in DATA_DIR/media/face_images',
      );
    }
    return removed;
  }

  /** One file that fails does not keep the others. @returns 1 if it was done */
  private async done(work: Promise<boolean>, path: string): Promise<number> {
    try {
      return (await work) ? 1 : 0;
    } catch (err) {
      this.options.log.error({ err, path }, 'Could not remove a file without a row; remove it manually');
      return 0;
    }
  }

  private async round(signal: AbortSignal): Promise<void> {
    // First: erasures wait for the sweep of everything.
    if (this.sweeps) await this.sweepDue(signal);
    await this.purge(signal);
  }

  /** Deletes the rows whose time is over. */
  async purge(signal: AbortSignal = new AbortController().signal): Promise<void> {
    for (const purge of this.options.purges) {
      if (signal.aborted) return;
      // One that fails does not keep the others from their turn.
      await purge(signal).catch((error: unknown) => {
        this.options.log.warn({ err: error }, 'Could not delete expired rows; will retry');
      });
    }
  }

  private async sweepDue(signal: AbortSignal): Promise<void> {
    const { log, now } = this.options;
    const at = now();
    const all = this.sweptAllAt === null || at.getTime() - this.sweptAllAt.getTime() >= SWEEP_ALL_EVERY_MS;
    const removed = await this.sweep(all ? MEDIA_FOLDERS : recentFolders(at), signal);
    if (all && !signal.aborted) this.sweptAllAt = at;
    if (removed > 0) log.info({ removed }, 'Removed files without a row, left by a crash');
  }
}
