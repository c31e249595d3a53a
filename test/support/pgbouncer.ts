import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './ports';
import { until } from './until';

export type PoolMode = 'session' | 'transaction' | 'statement';

/** Debian's package puts it where only root's PATH looks. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;

export const hasPgBouncer = (): boolean => {
  try {
    execFileSync('pgbouncer', ['--version'], { env: { PATH }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

interface PgBouncer {
  /** The database's URL through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** PgBouncer with its own defaults in front of a database. */
export async function startPgBouncer(databaseUrl: string, mode: PoolMode): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-pgbouncer-'));
  // It refuses to run as root, and reads its files as somebody else.
  chmodSync(folder, 0o755);
  const listening = await freePort();
  const target = [`host=${hostname}`, `port=${port || '5432'}`, `user=${decodeURIComponent(username)}`];
  if (password !== '') target.push(`password=${decodeURIComponent(password)}`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]\n* = ${target.join(' ')}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${listening}\nunix_socket_dir =\nauth_type = any\npool_mode = ${mode}\n`,
  );
  const root = process.getuid?.() === 0;
  const args = [...(root ? ['--user', 'nobody'] : []), '--quiet', join(folder, 'pgbouncer.ini')];
  const child = spawn('pgbouncer', args, { env: { PATH }, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const url = `postgres://${username}@127.0.0.1:${listening}${pathname}`;
  await until(async () => {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      const late = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(late);
      rmSync(folder, { recursive: true });
    },
  };
}
