/**
 * What the service holds and how fast it checks photos with 10,000 people of three photos each, on PostgreSQL and on the
 * embedded database, with one face worker and with two. bench/README.md says how to read it.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { findPostgres } from '../../scripts/find-postgres';
import { post } from '../check-attendance/load';
import { cpuSeconds, heldMegabytes, peakMegabytes } from '../check-attendance/process-meter';
import { type Server, startService } from '../check-attendance/servers';
import { bodyOf, CHECK, REGISTER } from '../check-attendance/workload';
import { portraitOf, SIZES } from '../compare/photos';
import { fill } from './fill';

const PEOPLE = Number(process.env['BENCH_PEOPLE'] ?? 10_000);
const CHECKS = Number(process.env['BENCH_CHECKS'] ?? 1000);
const FIXTURES = join(__dirname, '..', '..', 'test', 'fixtures');
const FURTHER = ['grace-hopper-2', 'grace-hopper-3'];
const EMPLOYEE = 'BENCH-0';
/** So many photos wait at any time that no worker is ever without one. */
const CLIENTS_PER_WORKER = 2;

interface Figures {
  readonly cold: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly loop: number;
  readonly rate: number;
  readonly before: number;
  readonly held: number;
  readonly peak: number;
}

const base64 = (name: string): string => readFileSync(join(FIXTURES, `${name}.jpg`)).toString('base64');

async function measure(databaseUrl: string, dataDir: string, workers: number): Promise<Figures> {
  await fill({ databaseUrl, dataDir }, PEOPLE);
  const token = randomBytes(24).toString('hex');
  const server = await startService(
    { databaseUrl, dataDir },
    {
      // What the allocator is told, as in the container.
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('MALLOC_'))),
      FACE_WORKERS: String(workers),
      FACE_DESCRIPTOR_TRUST: 'verify',
      FACE_WARM_START: 'false',
      METRICS_TOKEN: token,
    },
  );
  const agent = new Agent({ keepAlive: true });
  try {
    // It listens before the templates are loaded.
    while (!(await fetch(new URL('/readyz', server.url))).ok) await wait(100);
    const before = heldMegabytes(server.pid);
    const cold = await enrol(server, agent);
    const photo = await portraitOf(SIZES.kiosk);
    const body = bodyOf(CHECK, { imageBase64: photo });
    const latencies = await checks(server, agent, body, CHECKS, 1);
    const [cpu, begin] = [cpuSeconds(server.pid), performance.now()];
    await checks(server, agent, body, CHECKS, workers * CLIENTS_PER_WORKER);
    const seconds = (performance.now() - begin) / 1000;
    return {
      cold,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpu: ((cpuSeconds(server.pid) - cpu) * 1000) / CHECKS,
      loop: await loopP99(server, token),
      rate: CHECKS / seconds,
      before,
      held: heldMegabytes(server.pid),
      peak: peakMegabytes(server.pid),
    };
  } finally {
    agent.destroy();
    await server.stop();
  }
}

/** Enrols one person with their photos. @returns milliseconds until the first photo, which starts the worker, is answered */
async function enrol(server: Server, agent: Agent): Promise<number> {
  const begin = performance.now();
  const input = { employeeId: EMPLOYEE, name: 'Grace', imageBase64: base64('grace-hopper') };
  const answer = await post(server, agent, bodyOf(REGISTER, input));
  const cold = performance.now() - begin;
  if (answer.includes('"errors"')) throw new Error(`Not enrolled: ${answer.slice(0, 300)}`);
  for (const name of FURTHER) {
    const added = await post(
      server,
      agent,
      bodyOf('mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { __typename } }', {
        employeeId: EMPLOYEE,
        imageBase64: base64(name),
      }),
    );
    if (added.includes('"errors"')) throw new Error(`No further photo: ${added.slice(0, 300)}`);
  }
  return cold;
}

/** @returns milliseconds of each. @throws Error where one does not record */
async function checks(
  server: Server,
  agent: Agent,
  body: Buffer,
  count: number,
  clients: number,
): Promise<number[]> {
  const latencies: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next++ < count) {
      const begin = performance.now();
      const answer = await post(server, agent, body);
      latencies.push(performance.now() - begin);
      if (!answer.includes('"RECORDED"')) throw new Error(`Not recorded: ${answer.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return latencies;
}

/** Milliseconds by which the event loop was late, since the last time somebody asked. */
async function loopP99({ url }: Server, token: string): Promise<number> {
  const answer = await fetch(new URL('/metrics', url), { headers: { authorization: `Bearer ${token}` } });
  const [, seconds] = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(await answer.text()) ?? [];
  return Number(seconds) * 1000;
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;

async function sql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function onPostgres(server: string, workers: number): Promise<Figures> {
  const name = `rollcall_people_${randomBytes(6).toString('hex')}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-people-'));
  await sql(server, `CREATE DATABASE ${name}`);
  try {
    return await measure(Object.assign(new URL(server), { pathname: `/${name}` }).href, dataDir, workers);
  } finally {
    await sql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function embedded(workers: number): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-people-'));
  try {
    return await measure('', dataDir, workers);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const HEAD = [
  ...['database', 'workers', 'first photo ms', 'p50 ms', 'p99 ms', 'CPU ms', 'loop p99 ms', 'checks/s'],
  ...['MB at start', 'MB after', 'MB peak'],
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

function show(database: string, workers: number, figures: Figures): void {
  const { cold, p50, p99, cpu, loop, rate, before, held, peak } = figures;
  const numbers = [cold, p50, p99, cpu, loop, rate, before, held, peak].map((value) => value.toFixed(1));
  process.stdout.write(row([database, String(workers), ...numbers]));
}

async function main(): Promise<void> {
  process.stdout.write(row(HEAD) + row(HEAD.map((_, i) => (i === 0 ? '---' : '---:'))));
  const server = await findPostgres();
  for (const workers of [1, 2]) {
    if (server !== null) show('PostgreSQL', workers, await onPostgres(server, workers));
    show('embedded', workers, await embedded(workers));
  }
  const [load = NaN] = loadavg();
  process.stdout.write(`\n${PEOPLE} people, ${CHECKS} checks; load average ${load.toFixed(1)} at the end.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
