import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type * as Ormconfig from '../../../ormconfig';
import type * as ConfigModule from '../../../src/config/config';
import type * as MigrateModule from '../../../src/database/migrate';
import { findPostgres } from '../../../scripts/find-postgres';
import { CHECKOUT, compiled } from '../compiled';
import {
  COPY_STRATEGY,
  DATABASE_PREFIX,
  EMBEDDED_TEMPLATE,
  onServer,
  POSTGRES_TEMPLATE,
  SERVER_URL,
} from '../databases';
import { type OwnPostgres, startOwnPostgres } from './own-postgres';

/** Databases that a killed run left behind are removed by a later one, once they are this old. */
const LEFT_BEHIND_MS = 6 * 3_600_000;

let own: OwnPostgres | null = null;

/**
 * Makes one migrated database of each kind for test files to copy: migrations take a second and a new embedded database
 * three, a copy a twentieth of that. PostgreSQL is the server that TEST_DATABASE_URL names, else one of this run's own, else
 * that of this machine; without any the tests run on the embedded database alone.
 */
export async function prepareDatabases(): Promise<void> {
  // The setup of another project of this run did it.
  if (process.env[EMBEDDED_TEMPLATE] !== undefined) return;
  process.env[EMBEDDED_TEMPLATE] = await embeddedTemplate();
  if (process.env[SERVER_URL] === undefined) {
    own = await startOwnPostgres().catch((error: unknown) => {
      process.stderr.write(`PostgreSQL is installed and cannot be started: ${String(error)}\n`);
      return null;
    });
  }
  const url = own?.url ?? (await findPostgres());
  if (url === null) return;
  process.env[SERVER_URL] = url;
  await removeLeftBehind();
  const [server] = await onServer<{ version: string }>(
    `SELECT current_setting('server_version_num') AS version`,
  );
  // Without an fsync to wait for, a copy of files costs a fifth of what the default does. Before 15 it was the default.
  if (own !== null && Number(server?.version) >= 150_000) process.env[COPY_STRATEGY] = 'STRATEGY file_copy';
  const prefix = `rollcall_test_${Date.now().toString(36)}_${process.pid}_`;
  process.env[DATABASE_PREFIX] = prefix;
  const template = `${prefix}template`;
  await onServer(`CREATE DATABASE ${template}`);
  process.env[POSTGRES_TEMPLATE] = template;
  const templateUrl = new URL(url);
  templateUrl.pathname = `/${template}`;
  await migrated({ DATABASE_URL: templateUrl.href });
}

/** Removes every database of this run. The embedded template stays for the next one. */
export async function removeDatabases(): Promise<void> {
  const prefix = process.env[DATABASE_PREFIX];
  // That of a run which a test of another run starts is the other's.
  if (prefix?.endsWith(`_${process.pid}_`) !== true) return;
  delete process.env[DATABASE_PREFIX];
  if (own === null) return removeAll((name) => name.startsWith(prefix));
  own.stop();
  own = null;
}

/** Kept under build/cache, by the content of what makes it. @returns the folder of the database */
async function embeddedTemplate(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of [
    'src/migrations',
    'src/database',
    'src/services/audit',
    'packages/embedded-postgres/src',
  ]) {
    for (const file of readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (file.endsWith('.ts')) hash.update(file).update(readFileSync(join(CHECKOUT, folder, file)));
    }
  }
  hash.update(readFileSync(join(CHECKOUT, 'package-lock.json')));
  const cache = join(CHECKOUT, 'build', 'cache');
  const folder = join(cache, `embedded-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    // Another run may be copying from one that is not old.
    for (const old of readdirSync(cache).filter((name) => /^(embedded|draft)-/.test(name))) {
      if (statSync(join(cache, old)).mtimeMs < Date.now() - LEFT_BEHIND_MS) {
        rmSync(join(cache, old), { recursive: true, force: true });
      }
    }
    const draft = join(cache, `draft-${process.pid}`);
    await migrated({ DATA_DIR: draft });
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Another run has made the same meanwhile.
      if (!existsSync(folder)) throw error;
      rmSync(draft, { recursive: true });
    }
  }
  return join(folder, 'database');
}

/** As the service does it at its start: with the compiled code, which runs without jest. */
async function migrated(env: Readonly<Record<string, string>>): Promise<void> {
  const { loadConfig } = (await import(compiled('src/config/config.js'))) as typeof ConfigModule;
  const { createDataSource } = (await import(compiled('ormconfig.js'))) as typeof Ormconfig;
  const { migrate } = (await import(compiled('src/database/migrate.js'))) as typeof MigrateModule;
  const onFatal = (error: Error): never => {
    throw error;
  };
  const dataSource = await createDataSource(loadConfig(env), { onFatal }).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
}

async function removeLeftBehind(): Promise<void> {
  await removeAll((name) => {
    const [, began] = /^rollcall_test_([0-9a-z]{8})_\d+_(?:template|[0-9a-f]{12})$/.exec(name) ?? [];
    return began !== undefined && parseInt(began, 36) < Date.now() - LEFT_BEHIND_MS;
  });
}

async function removeAll(which: (name: string) => boolean): Promise<void> {
  const databases = await onServer<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname LIKE 'rollcall\\_test\\_%' AND datdba = current_user::regrole",
  );
  for (const { datname } of databases) {
    if (which(datname)) await onServer(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
}
