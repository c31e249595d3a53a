import type { Subject } from '../check-attendance/workload';
import type { Contender, Cpu } from './contender';
import { checking, checksBesideExport, quantile, timeExport, timeRead } from './measure';
import { readsOf } from './reads';

/** A month of everybody is downloaded so often. */
const EXPORTS = 3;

const out = (line: string): boolean => process.stdout.write(`${line}\n`);
const cpuText = ({ service, database }: Cpu): string => `${service.toFixed(1)} + ${database.toFixed(1)}`;
const timesText = (times: readonly number[]): string =>
  `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.95).toFixed(1)}`;

/** Prints what the contenders need, as tables in Markdown. The first one's reads are also timed beside checks. */
export async function report(
  people: number,
  contenders: readonly Contender[],
  subjects: readonly Subject[],
): Promise<void> {
  const [own] = contenders as [Contender, ...Contender[]];
  out(
    `\n${people} people\n\n| read | version | ms, median / p95 | CPU ms, service + PostgreSQL | beside checks |`,
  );
  out('|---|---|---|---|---|');
  for (const read of readsOf(people)) {
    const alone = await timeRead(read, contenders);
    const [, [beside]] = await checking(own, subjects, () => timeRead(read, [own]));
    for (const [i, { times, cpu }] of alone.entries()) {
      const checked = i === 0 && beside !== undefined ? timesText(beside.times) : '';
      out(
        `| ${read.name} | ${contenders[i]?.name ?? ''} | ${timesText(times)} | ${cpuText(cpu)} | ${checked} |`,
      );
    }
  }
  await reportExports(contenders);
  out('\n| checks a second | without | with an export | ratio |\n|---|---|---|---|');
  for (const contender of contenders) {
    const { free, busy, ratio } = await checksBesideExport(contender, subjects);
    out(`| ${contender.name} | ${free.toFixed(0)} | ${busy.toFixed(0)} | ${(ratio * 100).toFixed(0)} % |`);
  }
}

async function reportExports(contenders: readonly Contender[]): Promise<void> {
  out(
    '\n| month as CSV | s | MB | CPU ms, service + PostgreSQL | MB of memory added |\n|---|---|---|---|---|',
  );
  for (let i = 0; i < EXPORTS; i++) {
    for (const contender of contenders) {
      const { seconds, megabytes, cpu, added } = await timeExport(contender);
      out(
        `| ${contender.name} | ${seconds.toFixed(1)} | ${megabytes.toFixed(1)} | ${cpuText(cpu)} | ${added.toFixed(0)} |`,
      );
    }
  }
}
