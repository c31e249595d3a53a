import { join } from 'node:path';
import { Piscina } from 'piscina';
import { deriveBatch, type Batch, type PersonDays } from './derive-batch';
import { totalBatch, type GroupTotals, type TotalQuery } from './total-batch';

/** As many people are derived at once; more would make punches wait. */
const PEOPLE_AT_ONCE = 50;
const IDLE_MS = 60_000;

/** Derives days here if they are of few people, else in a thread that ends when it has nothing to do. */
export class DayThreads {
  private pool: Piscina | null = null;

  async derive(batch: Batch): Promise<readonly PersonDays[]> {
    if (batch.people.length <= PEOPLE_AT_ONCE) return deriveBatch(batch);
    return (await this.start().run(batch, { name: 'derive' })) as PersonDays[];
  }

  async total(batch: Batch, by: TotalQuery): Promise<GroupTotals> {
    if (batch.people.length <= PEOPLE_AT_ONCE) return totalBatch(batch, by);
    return (await this.start().run({ batch, by }, { name: 'total' })) as GroupTotals;
  }

  async close(): Promise<void> {
    await this.pool?.destroy();
  }

  private start(): Piscina {
    this.pool ??= new Piscina({
      filename: join(__dirname, 'day-worker.js'),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_MS,
      recordTiming: false,
    });
    return this.pool;
  }
}
