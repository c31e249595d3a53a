import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBackup } from '../../src/cli/backup/run-backup';
import { runRestore } from '../../src/cli/restore/run-restore';
import { loadConfig } from '../../src/config/config';
import { CHECKOUT, compiled } from './compiled';
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

const QUIET = { begin: () => undefined, step: () => undefined, say: () => undefined };

const configOf = ({ dataDir, databaseUrl }: TestStorage, env: Readonly<Record<string, string>> = {}) =>
  loadConfig({ DATA_DIR: dataDir, ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }), ...env });

/** What `npm run backup` does. */
export const backUp = (
  storage: TestStorage,
  folder: string,
  {
    withoutPhotos = false,
    env = {},
  }: { withoutPhotos?: boolean; env?: Readonly<Record<string, string>> } = {},
) => runBackup(configOf(storage, env), folder, { withoutPhotos, progress: QUIET });

/** What `npm run restore` does. */
export const restore = (
  storage: TestStorage,
  folder: string,
  {
    withoutPhotos = false,
    replaceUnused = false,
    env = {},
  }: { withoutPhotos?: boolean; replaceUnused?: boolean; env?: Readonly<Record<string, string>> } = {},
) => runRestore(configOf(storage, env), folder, { withoutPhotos, replaceUnused, progress: QUIET });

/** A command as npm starts it. */
export function runCommand(
  script: 'backup' | 'restore',
  { dataDir, databaseUrl }: TestStorage,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [compiled(`src/cli/${script}.js`), ...args], {
    cwd: CHECKOUT,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl ?? '',
      DATA_DIR: dataDir,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** A folder for backups, which the test removes. */
export const backupFolder = (): string => mkdtempSync(join(tmpdir(), 'rollcall-backup-'));
