import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE_PREFIX, onServer, SERVER_URL, type DatabaseKind, type TestStorage } from './databases';

/** A data folder and a database without anything, as a backup is restored into. */
export async function emptyStorage(kind: DatabaseKind): Promise<TestStorage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-empty-'));
  const removeFolder = (): void => rmSync(dataDir, { recursive: true, force: true });
  if (kind === 'pglite') {
    return { dataDir, databaseUrl: null, remove: () => Promise.resolve(removeFolder()) };
  }
  const name = `${process.env[DATABASE_PREFIX]}${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(process.env[SERVER_URL] as string);
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
