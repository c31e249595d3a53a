/**
 * Measures checkAttendance over HTTP on a real PostgreSQL beside a floor that does only the unavoidable.
 * bench/README.md says what is measured and how to read it.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Clients, post } from './load';
import { cpuSeconds, peakMegabytes } from './process-meter';
import { report, type Sample } from './report';
import { startFloor, startService, type Server } from './servers';
import { createSubjects, EMPLOYEES, type Subject } from './workload';

const CLIENTS = [1, 8, 32];
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
/** Requests to each server before anything is measured: until then V8 still compiles what is hot. */
const WARM_UP_REQUESTS = 3000;
const WARM_UP_MS = 500;
const MEASURE_MS = Number(process.env['BENCH_SECONDS'] ?? 3) * 1000;

async function main(): Promise<void> {
  const serverUrl = process.env['TEST_DATABASE_URL'];
  if (serverUrl === undefined) {
    throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server on which a database may be made');
  }
  const [loadBefore = NaN] = loadavg();
  const name = `rollcall_bench_${randomBytes(6).toString('hex')}`;
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const servers: Server[] = [];
  await withClient(serverUrl, (admin) => admin.query(`CREATE DATABASE ${name}`));
  try {
    const subjects = await createSubjects();
    const service = await startService({ databaseUrl, dataDir: join(folder, 'service') });
    servers.push(service);
    const floor = await startFloor({ databaseUrl, dataDir: join(folder, 'floor') });
    servers.push(floor);
    await enrol(service, subjects);

    const punches = new Set<string>();
    for (const server of servers) await Promise.race([warmUp(server, subjects, punches), interrupted]);
    const samples = await Promise.race([measure(servers, subjects, punches), interrupted]);
    const peaks = { service: peakMegabytes(service.pid), floor: peakMegabytes(floor.pid) };
    await withClient(databaseUrl, (client) => verify(client, punches));
    process.stdout.write(`${report(samples, CLIENTS, peaks)}
${punches.size} punches were answered, and are in the database: each of them, and no other.
Node ${process.version}, ${cpus().length} cores; load average ${loadBefore.toFixed(1)} before the run.
`);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await withClient(serverUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rejects when the run is to end early: what it made is removed then, too. */
const interrupted = new Promise<never>((_resolve, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => reject(new Error(`Ended by ${signal}`)));
  }
});
// Nobody may be waiting for it yet.
interrupted.catch(() => undefined);

async function enrol(service: Server, subjects: readonly Subject[]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  try {
    for (const { register } of subjects) {
      const answer = await post(service, agent, register);
      if (answer.includes('"errors"')) throw new Error(`Not enrolled: ${answer.slice(0, 300)}`);
    }
  } finally {
    agent.destroy();
  }
}

async function warmUp(server: Server, subjects: readonly Subject[], punches: Set<string>): Promise<void> {
  const enough = punches.size + WARM_UP_REQUESTS;
  while (punches.size < enough) {
    await new Clients(server, subjects, 8, (id) => punches.add(id)).run(0, 1000, () => undefined);
  }
}

/** Interleaved, so that what else the machine does meets both servers alike; each leads in every other round. */
async function measure(
  servers: readonly Server[],
  subjects: readonly Subject[],
  punches: Set<string>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const clients of CLIENTS) {
      for (const server of round % 2 === 0 ? servers : [...servers].reverse()) {
        const cpu: number[] = [];
        const window = await new Clients(server, subjects, clients, (id) => punches.add(id)).run(
          WARM_UP_MS,
          MEASURE_MS,
          () => cpu.push(cpuSeconds(server.pid)),
        );
        const [begin = NaN, end = NaN] = cpu;
        samples.push({ ...window, server: server.name, clients, round, cpuSeconds: end - begin });
        process.stderr.write(
          `round ${round + 1}, ${clients} clients, ${server.name}: ${window.latencies.length} requests, ${(end - begin).toFixed(2)} CPU s\n`,
        );
      }
    }
  }
  return samples;
}

/** A fast answer is worth nothing if the punch is not there. */
async function verify(client: Client, punches: ReadonlySet<string>): Promise<void> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM attendances');
  const missing = new Set(punches);
  for (const { id } of rows) missing.delete(id);
  if (missing.size > 0 || rows.length !== punches.size) {
    throw new Error(
      `${punches.size} punches were answered, ${rows.length} are there, ${missing.size} of the answered are not`,
    );
  }
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

if (Math.max(...CLIENTS) > EMPLOYEES) throw new Error('Every client needs employees of its own');

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  // Clients of an interrupted run may still be waiting for a server that is gone.
  process.exit(1);
});
