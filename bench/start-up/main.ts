/**
 * Measures how long the built service takes to start with its gallery in PostgreSQL, and how much memory it needs, with
 * templates as they are and encrypted.
 * Prints a markdown table. bench/README.md says how to run it.
 */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { encodeTemplate } from '../../src/services/faces/engine/descriptor';
import { requireKeys } from '../../src/services/encryption/key-check';
import { KeyRing } from '../../src/services/encryption/key-ring';
import { TemplateVault } from '../../src/services/faces/matching/template-vault';
import { Faces } from '../../packages/gallery/bench/workload';

const SERVICE = join(__dirname, '..', '..', 'dist', 'src', 'main.js');
const SIZES = (process.env['BENCH_SIZES'] ?? '100000,1000000').split(',').map(Number);
const DIMENSION = 128;
const MODEL = 'dlib-resnet-128';
const BATCH = 5000;
const OFFICES = 20;

const fatal = (error: Error): never => {
  throw error;
};
const configOf = (databaseUrl: string) => loadConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' });

async function fill(databaseUrl: string, size: number, key: Buffer | null): Promise<void> {
  const dataSource = await createDataSource(configOf(databaseUrl), { onFatal: fatal }).initialize();
  await migrate(dataSource);
  const keys = key && new KeyRing({ key, previous: [] });
  await requireKeys(dataSource, keys);
  const vault = new TemplateVault(keys);
  const offices = Array.from({ length: OFFICES }, () => uuidv7());
  await dataSource.query(`INSERT INTO offices (id, name) SELECT id, id::text FROM unnest($1::uuid[]) AS id`, [
    offices,
  ]);
  const faces = new Faces(DIMENSION);
  for (let done = 0; done < size; done += BATCH) {
    const count = Math.min(BATCH, size - done);
    const ids = Array.from({ length: count }, () => uuidv7());
    const templates = ids.map(() => uuidv7());
    await dataSource.query(
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, office_id, created_at, image_path)
       SELECT id, 'Somebody', 'somebody', id::text, id::text, ($2::uuid[])[1 + n % ${OFFICES}], now(), id::text
       FROM unnest($1::uuid[]) WITH ORDINALITY AS ids (id, n)`,
      [ids, offices],
    );
    await dataSource.query(
      `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
       SELECT id, employee, vector, ${DIMENSION}, '${MODEL}', 'client', now()
       FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS rows (id, employee, vector)`,
      [
        templates,
        ids,
        ids.map((employeeId, n) => {
          const template = { id: templates[n] as string, employeeId, modelId: MODEL };
          return vault.seal(template, 'vector', encodeTemplate(Float64Array.from(faces.stranger())));
        }),
      ],
    );
  }
  await dataSource.query('ANALYZE');
  await dataSource.destroy();
}

/** The built service, as it runs in production: from the start of its process until it listens. */
async function start(databaseUrl: string, dataDir: string, key: Buffer | null): Promise<string> {
  if (!existsSync(SERVICE)) throw new Error('Build the service first: npm run build');
  const began = performance.now();
  const child = spawn(process.execPath, [SERVICE], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      ADMIN_API_KEY: randomBytes(24).toString('hex'),
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      ENCRYPTION_KEY: key?.toString('hex') ?? '',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.includes('is listening')) continue;
      const seconds = (performance.now() - began) / 1000;
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(status) ?? [];
      return `${seconds.toFixed(1)} | ${(Number(kilobytes) / 1024).toFixed(0)}`;
    }
    throw new Error('The service ended');
  } finally {
    child.kill('SIGTERM');
  }
}

async function main(): Promise<void> {
  const serverUrl = process.env['TEST_DATABASE_URL'];
  if (serverUrl === undefined) {
    throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server on which a database may be made');
  }
  process.stdout.write(
    '| templates | stored | s until it listens | peak memory, MiB |\n| ---: | --- | ---: | ---: |\n',
  );
  for (const size of SIZES) {
    await measure(serverUrl, size, null);
    await measure(serverUrl, size, randomBytes(32));
  }
}

async function measure(serverUrl: string, size: number, key: Buffer | null): Promise<void> {
  const name = `rollcall_bench_${randomBytes(6).toString('hex')}`;
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const admin = new Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    await fill(databaseUrl, size, key);
    const figures = await start(databaseUrl, dataDir, key);
    process.stdout.write(
      `| ${size.toLocaleString('en')} | ${key === null ? 'plain' : 'encrypted'} | ${figures} |\n`,
    );
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
