import { randomBytes } from 'node:crypto';
import { constants, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { kept } from './kept';

export type DatabaseKind = 'pglite' | 'postgres';

/** What test/support/setup/database-templates.ts tells the test files, in the environment. */
export const SERVER_URL = 'TEST_DATABASE_URL';
export const DATABASE_PREFIX = 'ROLLCALL_TEST_PREFIX';
export const EMBEDDED_TEMPLATE = 'ROLLCALL_TEST_EMBEDDED';
export const POSTGRES_TEMPLATE = 'ROLLCALL_TEST_POSTGRES';
export const COPY_STRATEGY = 'ROLLCALL_TEST_COPY_STRATEGY';

const given = process.env[SERVER_URL] ?? '';

/** A PostgreSQL server on which databases may be made. Without one the tests that need it are skipped, by name. */
const serverUrl = given === '' ? null : given;

/** Every database that is there: what holds the two to the same behaviour runs on both. */
export const everyDatabase: readonly DatabaseKind[] =
  serverUrl === null ? ['pglite'] : ['pglite', 'postgres'];

/** What this run is on: PostgreSQL if there is a server. `npm run test:all` runs everything on each. */
export const database: DatabaseKind = serverUrl === null ? 'pglite' : 'postgres';

/** Tests that need a server: with several nodes, or about the server itself. */
export function describeOnServer(name: string, tests: () => void): void {
  if (serverUrl !== null) describe(name, tests);
  else describe.skip(`${name} (skipped: TEST_DATABASE_URL names no PostgreSQL server)`, tests);
}

/** As describeOnServer, for a single test. */
export function itOnServer(name: string, test: () => Promise<void>): void {
  if (serverUrl !== null) it(name, test);
  else it.skip(`${name} (skipped: TEST_DATABASE_URL names no PostgreSQL server)`, test);
}

export interface TestStorage {
  readonly dataDir: string;
  /** null: the embedded database below dataDir. */
  readonly databaseUrl: string | null;
  remove(): Promise<void>;
}

/** Runs a statement on the server's own database. */
export async function onServer<Row extends QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: process.env[SERVER_URL] as string });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function keepEmbedded(): Promise<void> {
  await kept<{ keepEmbedded(): Promise<void> }>('keep-embedded').keepEmbedded();
}

/**
 * A fresh data folder with a fresh, migrated database.
 * @param locale PostgreSQL only: how the database is created, without the tables then, e.g. `LC_COLLATE 'C'`
 */
export async function createStorage(
  kind: DatabaseKind = database,
  locale: string | null = null,
): Promise<TestStorage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const removeFolder = (): void => rmSync(dataDir, { recursive: true, force: true });
  if (kind === 'pglite') {
    await keepEmbedded();
    cpSync(process.env[EMBEDDED_TEMPLATE] as string, join(dataDir, 'database'), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
    });
    return { dataDir, databaseUrl: null, remove: () => Promise.resolve(removeFolder()) };
  }
  const name = `${process.env[DATABASE_PREFIX]}${randomBytes(6).toString('hex')}`;
  const template = locale === null ? `${process.env[POSTGRES_TEMPLATE]}` : `template0 ${locale}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template} ${process.env[COPY_STRATEGY] ?? ''}`);
  const url = new URL(serverUrl as string);
  url.pathname = `/${name}`;
  return {
    dataDir,
    databaseUrl: url.href,
    async remove() {
      removeFolder();
      await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
