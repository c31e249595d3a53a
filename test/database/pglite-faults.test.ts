/** Real: PGlite on the disk, processes that are killed, a database whose files are taken away. Fake: nothing. */
import { cpSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PgliteOptions, type PglitePool, pgliteDriver } from '@rollcall/embedded-postgres';
import { isDatabaseUnavailable } from '../../src/database/errors';
import { effort } from '../support/effort';
import { pgliteOptions, startChild, temporaryFolder } from '../support/pglite';
import { until } from '../support/until';

const KILLS = effort(20, 3);
const folders: string[] = [];
const folder = (): string => {
  folders.push(temporaryFolder());
  return folders.at(-1)!;
};
/** Made once, because making a database takes seconds. */
const template = folder();
const folderWithDatabase = (): string => {
  const copy = folder();
  cpSync(template, copy, { recursive: true });
  return copy;
};
const open = (dataDir: string, overrides: Partial<PgliteOptions> = {}): PglitePool =>
  new (pgliteDriver(pgliteOptions(dataDir, overrides)).Pool)();

beforeAll(async () => {
  const pool = open(template);
  await pool.query('create table punches (number int primary key, photo bytea not null)');
  await pool.end();
});

afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const messageOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing went wrong',
    (error: Error) => {
      expect(isDatabaseUnavailable(error)).toBe(true);
      return error.message;
    },
  );

describe('a process that is killed', () => {
  it('loses no row that was acknowledged, in any of its kills, and the database opens again', async () => {
    const dataDir = folderWithDatabase();
    const acknowledged: number[] = [];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const child = startChild('insert', dataDir, String(kill * 1_000_000));
      await child.printed('row');
      // Killed at any moment of its work: a random one each time.
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 300));
      child.process.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');
      for (const [, number] of child.output().matchAll(/^row (\d+)$/gm)) acknowledged.push(Number(number));
    }
    expect(acknowledged.length).toBeGreaterThan(5);

    const after = open(dataDir);
    const { rows } = await after.query(
      'select n from unnest($1::int[]) n where not exists (select from punches where number = n and length(photo) = 512)',
      [acknowledged],
    );
    await after.end();
    expect(rows).toEqual([]);
  }, 120_000);

  it('while it makes the database leaves nothing that a later start stumbles over', async () => {
    const dataDir = folder();
    const child = startChild('open', dataDir);
    // Looked for every millisecond: a moment later the folder is complete and has its name.
    while (!existsSync(join(dataDir, 'cluster.unfinished', 'PG_VERSION'))) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.process.kill('SIGKILL');
    await child.ended;
    expect(existsSync(join(dataDir, 'cluster'))).toBe(false);
    const pool = open(dataDir);
    expect((await pool.query('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
    await pool.end();
    expect(readdirSync(dataDir)).toEqual(['cluster']);
  });
});

describe('one data folder of the embedded database', () => {
  it('is refused to a second process while the first one lives, and served to it afterwards', async () => {
    const dataDir = folderWithDatabase();
    const pool = open(dataDir);
    await pool.query('select 1');
    const refused = startChild('open', dataDir);
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain(`refused: ${dataDir} is in use by process ${process.pid} on`);
    await pool.end();
    // It ends by itself: neither the thread nor a timer keeps it alive.
    const served = startChild('open', dataDir);
    expect(await served.ended).toBe(0);
    expect(served.output()).toBe('answer 42\n');
  });

  it('that cannot be opened is an error for every caller, and is free again', async () => {
    const dataDir = folderWithDatabase();
    writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '99\n');
    const onFatal = jest.fn();
    const pool = open(dataDir, { onFatal });
    expect(await messageOf(pool.query('select 1'))).toMatch(/^the embedded database stopped: .*version 99/);
    expect(onFatal).not.toHaveBeenCalled();
    expect(readdirSync(dataDir)).toEqual(['cluster']);
    await pool.end();
  });
});

describe('an embedded engine that breaks down', () => {
  it('because a query exceeds its deadline is opened again, and waiting callers are served', async () => {
    const dataDir = folderWithDatabase();
    const onFailure = jest.fn<void, [Error]>();
    const pool = open(dataDir, { queryDeadlineMs: 4000, connectTimeoutMs: 60_000, onFailure });
    await pool.query('insert into punches values (1, $1)', [Buffer.from('x')]);
    const hung = pool.query('select count(*) from generate_series(1, 2000000000)');
    const waiting = pool.query('select number from punches');
    const message = /did not answer within 4 s\. .*free space in DATA_DIR/;
    expect(await messageOf(hung)).toMatch(message);
    expect((await waiting).rows).toEqual([{ number: 1 }]);
    expect((await pool.query('select 3 as n')).rows).toEqual([{ n: 3 }]);
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(onFailure.mock.calls[0]?.[0].message).toMatch(message);
    await pool.end();
  });

  it('in the middle of a transaction undoes it and serves the next', async () => {
    const pool = open(folderWithDatabase(), { queryDeadlineMs: 4000 });
    const client = await pool.connect();
    await client.query('begin');
    await client.query('insert into punches values (2, $1)', [Buffer.from('x')]);
    expect(await messageOf(client.query('select count(*) from generate_series(1, 2000000000)'))).toMatch(
      /did not answer/,
    );
    // What is asked over the same client must not go to the new engine, outside of the transaction.
    await messageOf(client.query('insert into punches values (3, $1)', [Buffer.from('x')]));
    client.release();
    expect((await pool.query('select count(*)::int as n from punches')).rows).toEqual([{ n: 0 }]);
    await pool.end();
  });

  it('because its files are gone is reported with the reason, at once, and opened once they are back', async () => {
    const dataDir = folderWithDatabase();
    const failed: string[] = [];
    const pool = open(dataDir, {
      connectTimeoutMs: 5000,
      onFailure: (error) => failed.push(error.message),
    });
    await pool.query('select 1');
    const [wal, away] = [join(dataDir, 'cluster', 'pg_wal'), join(dataDir, 'away')];
    renameSync(wal, away);
    const write = `select pg_logical_emit_message(true, 'x', repeat('x', 20000000))`;
    expect(await messageOf(pool.query(write))).toMatch(/^the embedded database stopped: PANIC: .*pg_wal/);
    // Refused in time, not kept waiting for ever.
    await messageOf(pool.query('select 1'));
    await until(() => failed.length > 1);
    rmSync(wal, { recursive: true, force: true });
    renameSync(away, wal);
    const back = await until(() => pool.query('select 4 as n').catch(() => null));
    expect(back?.rows).toEqual([{ n: 4 }]);
    await pool.end();
    expect(readdirSync(dataDir)).toEqual(['cluster']);
  }, 60_000);

  it('and cannot be opened again does not keep the service from stopping', async () => {
    const dataDir = folderWithDatabase();
    const pool = open(dataDir, { connectTimeoutMs: 60_000 });
    await pool.query('select 1');
    rmSync(join(dataDir, 'cluster', 'pg_wal'), { recursive: true });
    await messageOf(pool.query(`select pg_logical_emit_message(true, 'x', repeat('x', 20000000))`));
    const waiting = messageOf(pool.query('select 1'));
    await pool.end();
    await waiting;
  });

  it('because somebody took its lock away is stopped before it can do harm', async () => {
    const other = folderWithDatabase();
    const fatal = new Promise<Error>((resolve) => {
      const pool = open(other, { onFatal: (error) => void pool.end().then(() => resolve(error)) });
      void pool.query('select 1').then(() => rmSync(join(other, 'rollcall.lock')));
    });
    expect((await fatal).message).toContain('was removed or replaced while in use');
  });
});
