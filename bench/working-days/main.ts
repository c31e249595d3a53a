/** What the reads of working days cost, for 1,000 and 10,000 people, alone and beside checks. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Clients, post } from '../check-attendance/load';
import { peakMegabytes } from '../check-attendance/process-meter';
import { startService, type Server } from '../check-attendance/servers';
import { createSubjects, type Subject } from '../check-attendance/workload';
import { DATE, MONTH, OFFICE, seed } from './seed';

const SIZES = (process.env['BENCH_SIZES'] ?? '1000,10000').split(',').map(Number);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 30);
const CHECKING_CLIENTS = 4;
const CHECK_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);

const FIGURES =
  'figures { workedMinutes plannedMinutes balanceMinutes lateMinutes classes { class minutes } }';
const TOTALS =
  'totals { workedMinutes expectedMinutes balanceMinutes classes { class minutes } premiums { code minutes } }';

/** One read: its body for the n-th time. */
interface Read {
  readonly name: string;
  readonly rounds: number;
  readonly body: (n: number) => object;
}

const reads = (people: number): readonly Read[] => {
  const one = (n: number): string => `P${((n * 7919) % people) + 1}`;
  const days = (filter: object) => ({
    query: `query ($filter: WorkDayFilter!) { workDays(filter: $filter) { pageInfo { hasNextPage }
      nodes { date status flags employee { name } ${FIGURES} } } }`,
    variables: { filter: { from: DATE, until: DATE, ...filter } },
  });
  return [
    {
      ...{ name: 'workDay with steps', rounds: ROUNDS * 4 },
      body: (n) => ({
        query: `query ($id: String!) { workDay(employeeId: $id, date: "${DATE}") { status flags ${FIGURES} steps { figure minutes text } } }`,
        variables: { id: one(n) },
      }),
    },
    {
      ...{ name: 'timesheet of a month', rounds: ROUNDS * 4 },
      body: (n) => ({
        query: `query ($id: String!) { timesheet(employeeId: $id, from: "${MONTH.from}", until: "${MONTH.until}") {
          days { date status flags ${FIGURES} } ${TOTALS} } }`,
        variables: { id: one(n) },
      }),
    },
    {
      ...{ name: 'timesheets of 50 people with totals', rounds: ROUNDS },
      body: () => ({
        query: `query ($filter: TimesheetFilter!) { timesheets(filter: $filter) { nodes { employee { name } openIssues ${TOTALS} } } }`,
        variables: { filter: MONTH },
      }),
    },
    { name: 'workDays of a day, status ABSENT', rounds: ROUNDS, body: () => days({ status: ['ABSENT'] }) },
    {
      name: 'workDays of a day, a flag that nobody has',
      rounds: ROUNDS,
      body: () => days({ flags: ['CONTINUED'] }),
    },
    {
      ...{ name: 'muster', rounds: ROUNDS },
      body: () => ({
        query: `{ muster(officeId: "${OFFICE}") { inside { since visitor } unsure { since } } }`,
      }),
    },
    {
      ...{ name: 'workTotals of a month', rounds: Math.max(2, Math.ceil(ROUNDS / 10)) },
      body: () => ({
        query: `query ($filter: TimesheetFilter!) { workTotals(filter: $filter, by: MONTH) { employees ${TOTALS} } }`,
        variables: { filter: MONTH },
      }),
    },
  ];
};

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * q) - 1)] ?? NaN;

async function time({ rounds, body }: Read, server: Server, agent: Agent): Promise<string> {
  const times: number[] = [];
  for (let n = -2; n < rounds; n++) {
    const begin = performance.now();
    const answer = await post(server, agent, Buffer.from(JSON.stringify(body(Math.abs(n)))));
    if (answer.includes('"errors"')) throw new Error(answer.slice(0, 300));
    if (n >= 0) times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  return `${quantile(times, 0.5).toFixed(0)} / ${quantile(times, 0.95).toFixed(0)}`;
}

/** Downloads the month. @returns seconds and bytes */
async function csv(server: Server, agent: Agent): Promise<{ seconds: number; megabytes: number }> {
  const query = 'mutation ($input: CreateReportLinkInput!) { createReportLink(input: $input) { url } }';
  const input = { kind: 'TIMESHEET_DAYS', format: 'CSV', ...MONTH };
  const answer = JSON.parse(
    await post(server, agent, Buffer.from(JSON.stringify({ query, variables: { input } }))),
  ) as {
    data: { createReportLink: { url: string } };
  };
  const { pathname, search } = new URL(answer.data.createReportLink.url);
  const begin = performance.now();
  const response = await fetch(new URL(pathname + search, server.url));
  if (!response.ok || response.body === null) throw new Error(`The download answered ${response.status}`);
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) bytes += chunk.length;
  return { seconds: (performance.now() - begin) / 1000, megabytes: bytes / 1e6 };
}

/** Checks a second while something else goes on. */
async function checking<T>(
  server: Server,
  subjects: readonly Subject[],
  work: () => Promise<T>,
): Promise<[number, T]> {
  const clients = new Clients(server, subjects, CHECKING_CLIENTS, () => undefined);
  const window = { at: 0 };
  const measured = clients.run(1000, CHECK_SECONDS * 1000, () => {
    window.at = performance.now();
  });
  const done = work();
  const { latencies, seconds } = await measured;
  return [latencies.length / seconds, await done];
}

async function measure(people: number, server: Server, subjects: readonly Subject[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const out = (line: string): boolean => process.stdout.write(`${line}\n`);
  out(`\n${people} people\n\n| read | ms, median / p95 | beside checks |\n|---|---|---|`);
  for (const read of reads(people)) {
    const alone = await time(read, server, agent);
    const [, beside] = await checking(server, subjects, () => time(read, server, agent));
    out(`| ${read.name} | ${alone} | ${beside} |`);
  }
  const before = peakMegabytes(server.pid);
  const alone = await csv(server, agent);
  const [free] = await checking(server, subjects, () => Promise.resolve());
  let exporting = true;
  const [busy] = await checking(server, subjects, async () => {
    const end = performance.now() + (CHECK_SECONDS + 1) * 1000;
    while (exporting && performance.now() < end) await csv(server, agent);
    exporting = false;
  });
  out(`| month as CSV | ${alone.seconds.toFixed(1)} s, ${alone.megabytes.toFixed(1)} MB | |`);
  out(
    `| peak memory before and after the exports | ${before.toFixed(0)}, ${peakMegabytes(server.pid).toFixed(0)} MB | |`,
  );
  out(
    `| checks a second, without and with an export | ${free.toFixed(0)}, ${busy.toFixed(0)} | ${((busy / free) * 100).toFixed(0)} % |`,
  );
  agent.destroy();
}

async function main(): Promise<void> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL must name a PostgreSQL server');
  const subjects = await createSubjects();
  for (const people of SIZES) {
    const name = `rollcall_bench_${randomBytes(4).toString('hex')}`;
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    const databaseUrl = new URL(url);
    databaseUrl.pathname = `/${name}`;
    const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
    let server: Server | null = null;
    try {
      server = await startService({ databaseUrl: databaseUrl.href, dataDir });
      const client = new Client({ connectionString: databaseUrl.href });
      await client.connect();
      await seed(client, people);
      const agent = new Agent({ keepAlive: true });
      for (const { register } of subjects) await post(server, agent, register);
      await client.query('VACUUM ANALYZE');
      await client.end();
      agent.destroy();
      await measure(people, server, subjects);
    } finally {
      await server?.stop();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
