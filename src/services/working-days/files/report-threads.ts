import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { isSmall } from '../days/day-threads';
import { writePeople, type PersonText, type ReportBatch } from './person-text';

const IDLE_MS = 60_000;
/** For new objects V8 takes 48 MB if it may. With 16 the first export added 61 MB, not 109, in the same processor time. */
const YOUNG_MB = 16;
/** Share of the time in which the service does something. An export alone takes a tenth. */
const BUSY = 0.25;
/** How long a batch waits after it, in times that it took, while the service is busy. */
const PAUSE = 2;

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
    const begin = performance.now();
    const loop = performance.eventLoopUtilization();
    const written = (await this.pool.run(batch, { name: 'write' })) as PersonText[];
    const { utilization } = performance.eventLoopUtilization(loop);
    // Low priority is not enough: each wake-up of a check waits until the thread's turn is over.
    if (utilization > BUSY) await delay((performance.now() - begin) * PAUSE);
    return written;
  }

  async close(): Promise<void> {
    await this.pool?.destroy();
  }
}
