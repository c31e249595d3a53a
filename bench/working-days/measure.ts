import { setTimeout as delay } from 'node:timers/promises';
import { Clients } from '../check-attendance/load';
import { peakMegabytes, heldMegabytes, resetPeak } from '../check-attendance/process-meter';
import type { Subject } from '../check-attendance/workload';
import type { Contender, Cpu } from './contender';
import type { Read } from './reads';

const CHECKING_CLIENTS = 4;
const CHECK_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
/** Pairs of windows, with and without an export. */
const CHECK_ROUNDS = 3;
/** Reads in a row of one contender. Short, so that what the machine does besides meets all alike. */
const BLOCK = 5;
/** Blocks that do not count: V8 compiles what is called often. */
const WARM_UP = 6;
/** A processor clock of the kernel counts in steps of 10 ms: what a client waits for has to be over. */
const SETTLE_MS = 20;

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(sorted.length * q) - 1))] ?? NaN;
};

/** What one contender needed for one read. */
export interface ReadTimes {
  /** Milliseconds of each. */
  readonly times: readonly number[];
  /** Processor time of one. */
  readonly cpu: Cpu;
}

/** Has the contenders answer a read in turn. */
export async function timeRead(
  { rounds, body }: Read,
  contenders: readonly Contender[],
): Promise<ReadTimes[]> {
  const all = contenders.map(() => ({ times: [] as number[], service: 0, database: 0 }));
  for (let n = -WARM_UP * BLOCK; n < rounds; n += BLOCK) {
    for (const [i, contender] of contenders.entries()) {
      const own = all[i] as (typeof all)[number];
      await delay(SETTLE_MS);
      const before = await contender.cpu();
      for (let k = n; k < Math.min(n + BLOCK, rounds); k++) {
        const begin = performance.now();
        await contender.post(body(Math.abs(k)));
        if (n >= 0) own.times.push(performance.now() - begin);
      }
      const after = await contender.cpu();
      if (n < 0) continue;
      own.service += after.service - before.service;
      own.database += after.database - before.database;
    }
  }
  return all.map(({ times, service, database }) => ({
    times,
    cpu: { service: service / times.length, database: database / times.length },
  }));
}

/** What one download of the month needs. */
export interface ExportCost {
  readonly seconds: number;
  readonly megabytes: number;
  readonly cpu: Cpu;
  /** MB of RSS: the peak less what the service held before. */
  readonly added: number;
}

/** The service must have made one before, so that its thread is there. */
export async function timeExport(contender: Contender): Promise<ExportCost> {
  const { pid } = contender.server;
  resetPeak(pid);
  const resident = heldMegabytes(pid);
  const before = await contender.cpu();
  const { seconds, megabytes } = await contender.download();
  const after = await contender.cpu();
  const cpu = { service: after.service - before.service, database: after.database - before.database };
  return { seconds, megabytes, cpu, added: peakMegabytes(pid) - resident };
}

/** Checks a second while something else goes on. */
export async function checking<T>(
  { server }: Contender,
  subjects: readonly Subject[],
  work: () => Promise<T>,
): Promise<[number, T]> {
  const clients = new Clients(server, subjects, CHECKING_CLIENTS, () => undefined);
  const measured = clients.run(1000, CHECK_SECONDS * 1000, () => undefined);
  const done = work();
  const { latencies, seconds } = await measured;
  return [latencies.length / seconds, await done];
}

/** Checks a second without and with an export, in turn. */
export async function checksBesideExport(
  contender: Contender,
  subjects: readonly Subject[],
): Promise<{ readonly free: number; readonly busy: number; readonly ratio: number }> {
  const pairs: { free: number; busy: number }[] = [];
  for (let i = 0; i < CHECK_ROUNDS; i++) {
    const [free] = await checking(contender, subjects, () => Promise.resolve());
    const [busy] = await checking(contender, subjects, async () => {
      const end = performance.now() + (CHECK_SECONDS + 1) * 1000;
      while (performance.now() < end) await contender.download();
    });
    pairs.push({ free, busy });
  }
  return {
    free: quantile(
      pairs.map(({ free }) => free),
      0.5,
    ),
    busy: quantile(
      pairs.map(({ busy }) => busy),
      0.5,
    ),
    ratio: quantile(
      pairs.map(({ free, busy }) => busy / free),
      0.5,
    ),
  };
}
