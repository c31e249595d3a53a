import { existsSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';

/**
 * The PostgreSQL server that tests may use: TEST_DATABASE_URL, or the one of this machine.
 * @returns null if TEST_DATABASE_URL is empty, or no server answers on which this user may make databases
 */
export async function findPostgres(): Promise<string | null> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined) return given === '' ? null : given;
  for (const user of [userInfo().username, 'postgres']) {
    const url = `postgres://${user}@127.0.0.1:5432/postgres`;
    if (await mayCreateDatabases(url)) return url;
  }
  return null;
}

async function mayCreateDatabases(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ may: boolean }>(
      'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
    );
    return rows[0]?.may === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Debian does not put PostgreSQL's own programs on the PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder with `initdb` and `pg_ctl`, of the newest version; null: PostgreSQL is not installed. */
export function postgresPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return (
    folders.find((folder) => ['initdb', 'pg_ctl'].every((name) => existsSync(join(folder, name)))) ?? null
  );
}
