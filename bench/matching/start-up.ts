/**
 * Measures how long a node takes to load its gallery from PostgreSQL, and how much memory it holds then. Prints one
 * markdown line for each size. bench/matching/README.md says how to run it.
 */
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createDataSource } from '../../ormconfig';
import { loadConfig } from '../../src/config';
import { migrate } from '../../src/database/migrate';
import { createLogger } from '../../src/logger';
import { encodeTemplate } from '../../src/services/matching/descriptor';
import { Gallery } from '../../src/services/matching/gallery';
import { GallerySync } from '../../src/services/matching/gallery-sync';
import { Faces } from './workload';

const SIZES = (process.env['BENCH_SIZES'] ?? '100000,1000000').split(',').map(Number);
const DIMENSION = 128;
const MODEL = 'dlib-resnet-128';
const BATCH = 5000;
const OFFICES = 20;

const fatal = (error: Error): never => {
  throw error;
};
const configOf = (databaseUrl: string) => loadConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'info' });

async function fill(databaseUrl: string, size: number): Promise<void> {
  const dataSource = await createDataSource(configOf(databaseUrl), { onFatal: fatal }).initialize();
  await migrate(dataSource);
  const offices = Array.from({ length: OFFICES }, () => uuidv7());
  await dataSource.query(`INSERT INTO offices (id, name) SELECT id, id::text FROM unnest($1::uuid[]) AS id`, [
    offices,
  ]);
  const faces = new Faces(DIMENSION);
  for (let done = 0; done < size; done += BATCH) {
    const count = Math.min(BATCH, size - done);
    const ids = Array.from({ length: count }, () => uuidv7());
    await dataSource.query(
      `INSERT INTO employees (id, name, employee_id, office_id, created_at, image_path)
       SELECT id, 'Somebody', id::text, ($2::uuid[])[1 + n % ${OFFICES}], now(), id::text
       FROM unnest($1::uuid[]) WITH ORDINALITY AS ids (id, n)`,
      [ids, offices],
    );
    await dataSource.query(
      `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
       SELECT id, employee, vector, ${DIMENSION}, '${MODEL}', 'client', now()
       FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS rows (id, employee, vector)`,
      [ids.map(() => uuidv7()), ids, ids.map(() => encodeTemplate(Float64Array.from(faces.stranger())))],
    );
  }
  await dataSource.query('ANALYZE');
  await dataSource.destroy();
}

/** In a process of its own, so that what it holds is the gallery's. */
async function load(databaseUrl: string): Promise<void> {
  const dataSource = await createDataSource(configOf(databaseUrl), { onFatal: fatal }).initialize();
  const log = createLogger('info');
  const gallery = new Gallery({ dimension: DIMENSION, log });
  const began = performance.now();
  await new GallerySync(dataSource, gallery, MODEL, log).load();
  const seconds = (performance.now() - began) / 1000;
  const probe = Float64Array.from(new Faces(DIMENSION).stranger());
  const scanned = performance.now();
  await gallery.identify(probe);
  const firstMs = performance.now() - scanned;
  const status = readFileSync('/proc/self/status', 'utf8');
  const megabytes = (name: string): string =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024).toFixed(0);
  process.stdout.write(
    `| ${gallery.size} | ${seconds.toFixed(1)} | ${megabytes('VmRSS')} | ${megabytes('VmHWM')} | ${firstMs.toFixed(0)} |\n`,
  );
  await gallery.close();
  await dataSource.destroy();
}

async function main(): Promise<void> {
  const [, , child] = process.argv;
  if (child !== undefined) return load(child);
  const serverUrl = process.env['TEST_DATABASE_URL'];
  if (serverUrl === undefined) {
    throw new Error('Set TEST_DATABASE_URL to a PostgreSQL server on which a database may be made');
  }
  process.stdout.write(
    '| templates | load s | RSS MB | peak RSS MB | first identification ms |\n| ---: | ---: | ---: | ---: | ---: |\n',
  );
  for (const size of SIZES) await measure(serverUrl, size);
}

async function measure(serverUrl: string, size: number): Promise<void> {
  const name = `rollcall_bench_${randomBytes(6).toString('hex')}`;
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const admin = new Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    await fill(databaseUrl, size);
    execFileSync(process.execPath, ['-r', '@swc-node/register', __filename, databaseUrl], {
      stdio: 'inherit',
    });
  } finally {
    if (process.env['BENCH_KEEP'] === undefined)
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
