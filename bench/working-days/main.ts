/** What the reads of working days cost, for 1,000 and 10,000 people, alone and beside checks. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { post } from '../check-attendance/load';
import { createSubjects, type Subject } from '../check-attendance/workload';
import { startContender, type Contender } from './contender';
import { personDaysPerSecond } from './pure';
import { report } from './report';
import { seed } from './seed';

const SIZES = (process.env['BENCH_SIZES'] ?? '1000,10000').split(',').map(Number);
/** Another built checkout, e.g. the version before a change: it answers in turn with this one. */
const AGAINST = process.env['BENCH_AGAINST'];

async function run(people: number, url: string, subjects: readonly Subject[]): Promise<void> {
  const name = `rollcall_bench_${randomBytes(4).toString('hex')}`;
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const databaseUrl = new URL(url);
  databaseUrl.pathname = `/${name}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const client = new Client({ connectionString: databaseUrl.href });
  const contenders: Contender[] = [];
  try {
    await client.connect();
    const place = { databaseUrl: databaseUrl.href, dataDir };
    const own = await startContender('this', place, client);
    contenders.push(own);
    await seed(client, people);
    const agent = new Agent({ keepAlive: true });
    for (const { register } of subjects) {
      const answer = await post(own.server, agent, register);
      if (answer.includes('"errors"')) throw new Error(`Not registered: ${answer.slice(0, 300)}`);
    }
    agent.destroy();
    await client.query('VACUUM ANALYZE');
    if (AGAINST !== undefined) {
      contenders.push(await startContender('other', { ...place, root: AGAINST }, client));
    }
    await report(people, contenders, subjects);
  } finally {
    for (const contender of contenders) await contender.stop();
    await client.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('TEST_DATABASE_URL must name a PostgreSQL server');
  const rate = Math.round(personDaysPerSecond()).toLocaleString('en');
  process.stdout.write(`deriveDays alone: ${rate} person-days a second of processor time\n`);
  const subjects = await createSubjects();
  for (const people of SIZES) await run(people, url, subjects);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
