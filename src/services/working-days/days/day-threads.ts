import { join } from 'node:path';
import { Piscina } from 'piscina';
import { daysIn } from '../../dates/dates';
import { deriveBatch, type Batch, type PersonDays } from './derive-batch';
import { totalBatch, type GroupTotals, type TotalQuery } from './total-batch';

/** As many days are derived here; more would make punches wait. */
const DAYS_AT_ONCE = 400;
const IDLE_MS = 60_000;

/** Whether a batch takes so little time that it needs no thread. */
export const isSmall = ({ people, query: { from, until } }: Batch): boolean =>
  people.length * daysIn(from, until) <= DAYS_AT_ONCE;

/** Derives days here if they are of few people, else in a thread that ends when it has nothing to do. */
export class DayThreads {
  private pool: Piscina | null = null;

  async derive(batch: Batch): Promise<readonly PersonDays[]> {
    if (isSmall(batch)) return deriveBatch(batch);
    return (await this.start().run(batch, { name: 'derive' })) as PersonDays[];
  }

  async total(batch: Batch, by: TotalQuery): Promise<GroupTotals> {
    if (isSmall(batch)) return totalBatch(batch, by);
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
