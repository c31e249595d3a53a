import type { Logger } from 'pino';
import { IsNull } from 'typeorm';
import { DiscardedImage } from '../../../entities/discarded-image.entity';
import { Erasure } from '../../../entities/erasure.entity';
import { SYSTEM } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { lockGallery } from '../../faces/matching/gallery-sync';
import { LeasedRows } from '../../../database/leased-rows';
import { Poller } from '../../../database/poller';
import type { CdnPlace } from '../../photos/cdn/discard';
import type { UploadTiming } from '../../photos/cdn/upload-timing';
import { takeOverDiscards } from './begin-erasure';
import { eraseAttendance } from './erase-attendance';
import { eraseMentions } from './erase-mentions';
import type { ErasureLogWriter } from './erasure-log-writer';
import { forgetPerson } from './forget-person';
import { leftOnDisk, rowsAreClean, type Disk } from './prove-erasure';

const NOT_LOGGED = 'Could not write ERASURE_LOG; erasures wait until it can be written';

/** How long a node has for one round; longer ones renew it as they go. */
const LEASE_SECONDS = 60;

interface ErasureWorkerOptions extends Disk {
  /** null: no Cloudinary credentials. */
  readonly cdn: CdnPlace | null;
  readonly timing: UploadTiming;
  readonly erasureLog: ErasureLogWriter;
  readonly log: Logger;
}

/**
 * Carries out erasures. Every step reads the rows for what is left and can be repeated, so that a crash, a second node
 * or a CDN outage only delays it. DiscardedImages removes the photos.
 */
export class ErasureWorker {
  readonly poller: Poller;
  private readonly rows: LeasedRows<{ readonly id: string }>;

  constructor(private readonly options: ErasureWorkerOptions) {
    const { dataSource, log, timing } = options;
    this.rows = new LeasedRows(dataSource, {
      table: 'erasures',
      pending: 'completed_at IS NULL',
      returning: 'id',
      backOff: timing,
    });
    this.poller = new Poller(
      (signal) => this.drain(signal),
      (err) => log.warn({ err }, 'Could not query for erasures; will retry'),
      timing.pollMs,
    );
  }

  private async drain(signal: AbortSignal): Promise<void> {
    await this.options.erasureLog
      .catchUp()
      .catch((err: unknown) => this.options.log.warn({ err }, NOT_LOGGED));
    await this.rows.drain(signal, {
      limit: () => 1,
      leaseSeconds: LEASE_SECONDS,
      work: (row) => this.work(row, signal),
      failed: (err, { id }) => {
        this.options.log.warn({ err, erasure: id }, 'Erasure not complete; will retry');
        // A database error belongs into the log, and not into the status of the erasure.
        return 'Internal error, see the log. The erasure will be retried';
      },
    });
  }

  private async work(row: { readonly id: string }, signal: AbortSignal): Promise<void> {
    const { dataSource, cdn, timing, now } = this.options;
    const erasures = dataSource.getRepository(Erasure);
    await erasures.update({ id: row.id, startedAt: IsNull() }, { startedAt: now() });
    const erasure = await erasures.findOneByOrFail(row);
    const renew = (): Promise<void> => this.rows.renew(row, LEASE_SECONDS);
    await eraseAttendance(dataSource, erasure, cdn, { renew, signal });
    if (signal.aborted) return this.rows.wait(row, 0);
    // Before the row loses the name.
    await eraseMentions(dataSource, erasure.subjectId);
    await takeOverDiscards(dataSource.manager, erasure);
    let reason: string | null = null;
    if ((await forgetPerson(dataSource, erasure)) && (await rowsAreClean(dataSource.manager, erasure))) {
      // Outside of the transaction that ends it: no lock waits for a slow disk.
      reason = await leftOnDisk(this.options, erasure, signal);
      reason ??= await this.addToLog(erasure);
      if (reason === null && (await this.complete(erasure))) return;
    }
    // The photos are on their way out, and waiting is no failure. Files are looked for seldom.
    if (reason === null) await this.rows.wait(row, timing.pollMs, null);
    else await this.rows.failed(row, reason);
  }

  /** @returns why there is no line of it; null: it is on the disk */
  private async addToLog(erasure: Erasure): Promise<string | null> {
    try {
      await this.options.erasureLog.add(erasure);
      return null;
    } catch (err) {
      this.options.log.warn({ err, erasure: erasure.id }, NOT_LOGGED);
      return `${NOT_LOGGED}. The log of the service contains the reason`;
    }
  }

  /** @returns false if something is left */
  private complete({ id }: Erasure): Promise<boolean> {
    const { dataSource, erasureLog, now, log } = this.options;
    return dataSource.transaction(async (manager) => {
      // Enrolments hold it while they put their photo in place: a new one may have taken the employeeId over.
      await lockGallery(manager);
      // Read again under its lock: a later request may have asked to erase the punches too.
      const erasure = await manager.findOneOrFail(Erasure, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (erasure.completedAt !== null) return true;
      if (!(await rowsAreClean(manager, erasure))) return false;
      if (!(await erasureLog.isEverywhere(manager, erasure))) return false;
      const at = now();
      await manager.delete(DiscardedImage, { erasureId: id });
      await manager.update(Erasure, { id }, { completedAt: at, lastError: null });
      await recordAudit(manager, {
        ...SYSTEM,
        action: 'employee.erased',
        employeeId: erasure.subjectId,
        details: { erasureId: id, keepAttendance: erasure.keepAttendance },
        at,
      });
      log.info({ erasure: id }, 'Employee erased: no data left in database, disk and CDN');
      return true;
    });
  }
}
