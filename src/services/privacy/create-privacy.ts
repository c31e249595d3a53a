import type { Base } from '../../base';
import type { Erasure } from '../../entities/erasure.entity';
import type { Employees } from '../employees/create-employees';
import type { Photos } from '../photos/create-photos';
import type { Encryption } from '../encryption/create-encryption';
import { eraseAgain } from './erasure/erase-again';
import { ErasureLog } from './erasure/erasure-log';
import { ErasureLogWriter } from './erasure/erasure-log-writer';
import { erasureProgress, type ErasureProgress } from './erasure/erasure-progress';
import { ErasureService } from './erasure/erasure-service';
import { ErasureWorker } from './erasure/erasure-worker';
import { ExportArchive } from './export/export-archive';
import { ExportTickets } from './export/export-tickets';
import { RetentionService } from './retention/retention-service';

export interface Privacy {
  readonly erasures: ErasureService;
  readonly eraser: ErasureWorker;
  readonly erasureLog: ErasureLogWriter;
  /** Repeats the erasures that a restored backup undid, before any request is served. @returns how many */
  readonly eraseAgain: () => Promise<number>;
  readonly progressOf: (erasure: Erasure) => Promise<ErasureProgress>;
  /** No erasure is worked off, and their progress says why. */
  readonly holdErasures: (reason: string) => void;
  readonly tickets: ExportTickets;
  readonly archive: ExportArchive;
}

/** What a person may ask for (erasure, export), and how long what is kept. @throws WrongSecret */
export async function createPrivacy(
  { config, dataSource, now, log }: Base,
  { keys }: Encryption,
  { local, orphans, cdnPlace: cdn, housekeeping, purges, timing }: Photos,
  { changes, discardOf }: Employees,
): Promise<Privacy> {
  let held: string | null = null;
  const tickets = new ExportTickets(dataSource, now);
  const retention = new RetentionService(dataSource, config.privacy.retention, cdn, now);
  purges.push(
    () => tickets.purge(),
    async (signal) => void (await retention.run(signal)),
  );
  const lines = await ErasureLog.open(config.privacy.erasureLog, keys);
  const erasureLog = new ErasureLogWriter(dataSource, lines);
  const sweptAll = (): boolean => housekeeping.sweptAll;
  return {
    erasures: new ErasureService(dataSource, changes, discardOf, now),
    eraser: new ErasureWorker({ dataSource, local, orphans, sweptAll, cdn, timing, erasureLog, now, log }),
    erasureLog,
    eraseAgain: () => eraseAgain({ dataSource, log: lines, discardOf, now }),
    async progressOf(erasure) {
      const progress = await erasureProgress(dataSource.manager, erasure);
      return { ...progress, lastError: progress.lastError ?? held };
    },
    holdErasures(reason) {
      held = reason;
    },
    tickets,
    archive: new ExportArchive(dataSource, local, now),
  };
}
