import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export type DatabaseKind = 'pglite' | 'postgres';

/** A PostgreSQL server on which databases may be made; .ci/run provides one. Without it those tests are not run. */
export const serverUrl = process.env['TEST_DATABASE_URL'] ?? null;

/** What the suites run on: the embedded database always, PostgreSQL where there is one. */
export const databaseKinds: readonly DatabaseKind[] =
  serverUrl === null ? ['pglite'] : ['pglite', 'postgres'];

/** Where test/support/global-setup.ts puts an empty, migrated embedded database to copy: making one takes seconds. */
export const TEMPLATE_VARIABLE = 'ROLLCALL_TEST_TEMPLATE';

export interface TestStorage {
  readonly dataDir: string;
  /** null: the embedded database below dataDir. */
  readonly databaseUrl: string | null;
  remove(): Promise<void>;
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl as string });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A fresh data folder, and for PostgreSQL a fresh database. */
export async function createStorage(kind: DatabaseKind): Promise<TestStorage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const removeFolder = (): void => rmSync(dataDir, { recursive: true, force: true });
  if (kind === 'pglite') {
    const template = process.env[TEMPLATE_VARIABLE];
    if (template !== undefined) cpSync(template, join(dataDir, 'database'), { recursive: true });
    return { dataDir, databaseUrl: null, remove: () => Promise.resolve(removeFolder()) };
  }
  const name = `rollcall_test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
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
