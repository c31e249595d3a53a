/** Compares the service of this checkout with that of another one: CPU, latency and memory of a check, by mode. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { post } from '../check-attendance/load';
import { cpuSeconds, mainThreadSeconds, peakMegabytes } from '../check-attendance/process-meter';
import { startService, type Server } from '../check-attendance/servers';
import { bodyOf, CHECK, REGISTER } from '../check-attendance/workload';
import { findPostgres } from '../../scripts/find-postgres';
import { MODES, type Mode } from './modes';

const HERE = join(__dirname, '..', '..');
/** Other checkouts, built; this one alone where none is given. */
const OTHERS = (process.env['BENCH_OTHER'] ?? '').split(':').filter((root) => root !== '');
const CHECKS = Number(process.env['BENCH_CHECKS'] ?? 100);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 4);
/** Until then V8 still compiles what is hot. */
const WARM_UP_CHECKS = Number(process.env['BENCH_WARM_UP'] ?? 300);

interface Contender {
  readonly root: string;
  readonly server: Server;
  readonly rounds: Round[];
}

/** Milliseconds: of each check, and of a processor for each check. */
interface Round {
  readonly latencies: readonly number[];
  readonly cpu: number;
  readonly mainThread: number;
}

async function compare(name: string, mode: Mode, databases: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-compare-'));
  const made: string[] = [];
  const contenders: Contender[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const root of [HERE, ...OTHERS]) {
      const database = `rollcall_compare_${randomBytes(6).toString('hex')}`;
      await sql(databases, `CREATE DATABASE ${database}`);
      made.push(database);
      const databaseUrl = Object.assign(new URL(databases), { pathname: `/${database}` }).href;
      const dataDir = join(folder, database);
      const server = await startService({ databaseUrl, dataDir, root }, mode.env);
      contenders.push({ root, server, rounds: [] });
      for (const { enrol } of mode.people) {
        const answer = await post(server, agent, bodyOf(REGISTER, enrol));
        if (answer.includes('"errors"')) throw new Error(`${root}: not enrolled: ${answer.slice(0, 300)}`);
      }
      await checks(server, agent, mode, WARM_UP_CHECKS);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { server, rounds } of round % 2 === 0 ? contenders : contenders.toReversed()) {
        rounds.push(await checks(server, agent, mode, CHECKS));
      }
    }
    return contenders.map((contender) => line(name, contender, contenders[0] as Contender));
  } finally {
    agent.destroy();
    await Promise.all(contenders.map(({ server }) => server.stop()));
    await mode.stop();
    for (const database of made) await sql(databases, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error where a check does not record */
async function checks(server: Server, agent: Agent, mode: Mode, count: number): Promise<Round> {
  const bodies = mode.people.map(({ check }) => bodyOf(CHECK, check));
  const [cpu, mainThread] = [cpuSeconds(server.pid), mainThreadSeconds(server.pid)];
  const latencies: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    const answer = await post(server, agent, bodies[i % bodies.length] as Buffer);
    latencies.push(performance.now() - begin);
    if (!answer.includes('"RECORDED"')) throw new Error(`Not recorded: ${answer.slice(0, 300)}`);
  }
  const perCheck = (seconds: number): number => (seconds * 1000) / count;
  return {
    latencies,
    cpu: perCheck(cpuSeconds(server.pid) - cpu),
    mainThread: perCheck(mainThreadSeconds(server.pid) - mainThread),
  };
}

function line(name: string, { root, server, rounds }: Contender, { rounds: here }: Contender): string {
  const latencies = rounds.flatMap((round) => round.latencies);
  const ratios = here.map(({ cpu }, i) => cpu / (rounds[i] as Round).cpu);
  const cells = [
    name,
    root === HERE ? 'here' : root,
    median(rounds.map(({ cpu }) => cpu)).toFixed(1),
    median(rounds.map(({ mainThread }) => mainThread)).toFixed(1),
    median(ratios).toFixed(2),
    median(latencies).toFixed(1),
    peakMegabytes(server.pid).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function sql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function main(): Promise<void> {
  const databases = await findPostgres();
  if (databases === null) throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server');
  process.stdout.write(
    '| mode | checkout | CPU ms a check | main thread | CPU, here : this | p50 ms | peak MB |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n',
  );
  const names = (process.env['BENCH_MODES'] ?? 'photo,phone,client').split(',') as (keyof typeof MODES)[];
  for (const name of names) {
    for (const row of await compare(name, await MODES[name](), databases)) process.stdout.write(`${row}\n`);
  }
  process.stdout.write(`\nLoad average ${loadavg()[0]?.toFixed(1)} at the end.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
