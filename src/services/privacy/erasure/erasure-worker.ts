import type { Logger } from 'pino';
import { DiscardedImage } from '../../../entities/discarded-image.entity';
import { Erasure } from '../../../entities/erasure.entity';
import { SYSTEM } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { lockGallery } from '../../faces/matching/gallery-sync';
import { Poller } from '../../../database/poller';
import type { CdnPlace } from '../../photos/cdn/discard';
import { retryDelayMs, type UploadTiming } from '../../photos/cdn/upload-timing';
import { takeOverDiscards } from './begin-erasure';
import { eraseAttendance } from './erase-attendance';
import { forgetPerson } from './forget-person';
import { leftOnDisk, rowsAreClean, type Disk } from './prove-erasure';

/** How long a node has for one round; longer ones renew it as they go. */
const LEASE_SECONDS = 60;

interface ErasureWorkerParts extends Disk {
  /** null: no Cloudinary credentials. */
  readonly cdn: CdnPlace | null;
  readonly timing: UploadTiming;
  readonly log: Logger;
}

/**
 * Carries out erasures. Every step reads the rows for what is left and can be repeated, so that a crash, a second node
 * or a CDN outage only delays it. DiscardedImages removes the photos.
 */
export class ErasureWorker {
  private readonly poller: Poller;

  constructor(private readonly parts: ErasureWorkerParts) {
    const { log, timing } = parts;
    this.poller = new Poller(
      (signal) => this.drain(signal),
      (err) => log.warn({ err }, 'Could not query for erasures; it is retried'),
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

  private async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const erasure = await this.claim();
      if (erasure === null) return;
      try {
        await this.work(erasure, signal);
      } catch (err) {
        this.parts.log.warn({ err, erasure: erasure.id }, 'An erasure is not complete; it is retried');
        // A database error belongs into the log, and not into the status of the erasure.
        const reason = 'Internal error; the log contains it. The erasure is retried';
        await this.later(erasure, retryDelayMs(this.parts.timing, erasure.attempts), reason);
      }
    }
  }

  /** Takes one by moving its time ahead: no transaction stays open while the disk is slow. */
  private async claim(): Promise<Erasure | null> {
    const { dataSource, now } = this.parts;
    const [rows] = await dataSource.query<[{ id: string }[], number]>(
      `UPDATE erasures SET next_at = now() + ${LEASE_SECONDS} * interval '1 second', attempts = attempts + 1,
         started_at = coalesce(started_at, $1)
       WHERE id = (SELECT id FROM erasures WHERE completed_at IS NULL AND next_at <= now()
         ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING id`,
      [now()],
    );
    const [row] = rows;
    return row === undefined ? null : dataSource.getRepository(Erasure).findOneBy({ id: row.id });
  }

  private async work(erasure: Erasure, signal: AbortSignal): Promise<void> {
    const { dataSource, cdn, timing } = this.parts;
    await eraseAttendance(dataSource, erasure, cdn, { renew: () => this.renew(erasure), signal });
    if (signal.aborted) return this.later(erasure, 0, erasure.lastError, true);
    await takeOverDiscards(dataSource.manager, erasure);
    let reason: string | null = null;
    if ((await forgetPerson(dataSource, erasure)) && (await rowsAreClean(dataSource.manager, erasure))) {
      // Outside of the transaction that ends it: no lock waits for a slow disk.
      reason = await leftOnDisk(this.parts, erasure, signal);
      if (reason === null && (await this.complete(erasure))) return;
    }
    // The photos are on their way out: attempts count failures, and waiting is none. Files are looked for seldom.
    if (reason === null) await this.later(erasure, timing.pollMs, null, true);
    else await this.later(erasure, retryDelayMs(timing, erasure.attempts), reason);
  }

  /** @returns false where something is left */
  private complete({ id }: Erasure): Promise<boolean> {
    const { dataSource, now, log } = this.parts;
    return dataSource.transaction(async (manager) => {
      // Enrolments hold it while they put their photo in place: a new one may have taken the employeeId over.
      await lockGallery(manager);
      // Read again under its lock: it may have been told meanwhile that the punches are to go, too.
      const erasure = await manager.findOneOrFail(Erasure, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (erasure.completedAt !== null) return true;
      if (!(await rowsAreClean(manager, erasure))) return false;
      const at = now();
      await manager.delete(DiscardedImage, { erasureId: id });
      await manager.update(Erasure, { id }, { completedAt: at, lastError: null });
      await recordAudit(manager, {
        ...SYSTEM,
        action: 'employee.erased',
        employeeId: erasure.subjectId,
        outcome: 'OK',
        details: { erasureId: id, keepAttendance: erasure.keepAttendance },
        at,
      });
      log.info({ erasure: id }, 'Employee erased: no data left in database, disk and CDN');
      return true;
    });
  }

  /** Keeps other nodes away. */
  private async renew({ id }: Erasure): Promise<void> {
    await this.parts.dataSource.query(
      `UPDATE erasures SET next_at = now() + ${LEASE_SECONDS} * interval '1 second' WHERE id = $1`,
      [id],
    );
  }

  private async later(
    { id }: Erasure,
    delayMs: number,
    error: string | null = null,
    waits = false,
  ): Promise<void> {
    await this.parts.dataSource.query(
      `UPDATE erasures SET next_at = now() + $2 * interval '1 millisecond', last_error = $3,
         attempts = CASE WHEN $4 THEN 0 ELSE attempts END WHERE id = $1 AND completed_at IS NULL`,
      [id, Math.round(delayMs), error, waits],
    );
  }
}
