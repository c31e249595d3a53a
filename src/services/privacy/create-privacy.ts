import type { Base } from '../../base';
import type { Erasure } from '../../entities/erasure.entity';
import type { Employees } from '../employees/create-employees';
import type { Photos } from '../photos/create-photos';
import { erasureProgress, type ErasureProgress } from './erasure/erasure-progress';
import { ErasureService } from './erasure/erasure-service';
import { ErasureWorker } from './erasure/erasure-worker';
import { ExportArchive } from './export/export-archive';
import { ExportTickets } from './export/export-tickets';
import { RetentionService } from './retention/retention-service';

export interface Privacy {
  readonly erasures: ErasureService;
  readonly eraser: ErasureWorker;
  readonly progressOf: (erasure: Erasure) => Promise<ErasureProgress>;
  /** No erasure is worked off, and their progress says why. */
  readonly holdErasures: (reason: string) => void;
  readonly tickets: ExportTickets;
  readonly archive: ExportArchive;
}

/** What a person may ask for (erasure, export), and how long what is kept. */
export function createPrivacy(
  { config, dataSource, now, log }: Base,
  { local, orphans, cdnPlace: cdn, housekeeping, purges, timing }: Photos,
  { changes, discardOf }: Employees,
): Privacy {
  let held: string | null = null;
  const tickets = new ExportTickets(dataSource, now);
  const retention = new RetentionService(dataSource, config.privacy.retention, cdn, now);
  purges.push(
    () => tickets.purge(),
    async (signal) => void (await retention.run(signal)),
  );
  const sweptAll = (): boolean => housekeeping.sweptAll;
  return {
    erasures: new ErasureService(dataSource, changes, discardOf, now),
    eraser: new ErasureWorker({ dataSource, local, orphans, sweptAll, cdn, timing, now, log }),
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
