import { join } from 'node:path';
import { Piscina } from 'piscina';
import { isSmall } from '../days/day-threads';
import { writePeople, type PersonText, type ReportBatch } from './person-text';

const IDLE_MS = 60_000;
/** For new objects V8 takes 48 MB if it may. With 16 the first export added 61 MB, not 109, in the same processor time. */
const YOUNG_MB = 16;

/** Writes reports here if they are of few days, else in a thread of low priority that ends when it has nothing to do. */
export class ReportThreads {
  private pool: Piscina | null = null;

  async write(batch: ReportBatch): Promise<readonly PersonText[]> {
    if (isSmall(batch.batch)) return writePeople(batch);
    this.pool ??= new Piscina({
      filename: join(__dirname, 'report-worker.js'),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_MS,
      recordTiming: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    return (await this.pool.run(batch, { name: 'write' })) as PersonText[];
  }

  async close(): Promise<void> {
    await this.pool?.destroy();
  }
}
