/**
 * Real: the product's DataSource with its tables on PGlite and on PostgreSQL. Fake: nothing. What the service counts on
 * in a database; each case runs on both, so that the rest of the tests need only one.
 */
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  foreignKeyViolation,
  isDatabaseUnavailable,
  refusedByServer,
  uniqueViolation,
} from '../../src/database/errors';
import { migrate } from '../../src/database/migrate';
import { Statements } from '../../src/database/statements';
import { openDataSource } from '../support/data-source';
import { createStorage, everyDatabase, type TestStorage } from '../support/databases';
import { until } from '../support/until';

describe.each(everyDatabase)('on %s, a database', (kind) => {
  let storage: TestStorage;
  let source: DataSource;

  beforeAll(async () => {
    storage = await createStorage(kind);
    source = await openDataSource(storage);
    await source.query('CREATE TABLE sample (id int PRIMARY KEY, name text UNIQUE, value jsonb, count int)');
    await source.query(
      'CREATE TABLE child (id int PRIMARY KEY, sample_id int CONSTRAINT child_of REFERENCES sample)',
    );
  });
  beforeEach(() => source.query('TRUNCATE sample CASCADE'));
  afterAll(async () => {
    await source.destroy();
    await storage.remove();
  });

  const one = async <T>(sql: string, parameters: unknown[] = []): Promise<T> =>
    ((await source.query<{ value: T }[]>(sql, parameters))[0] as { value: T }).value;
  const faultOf = async (work: Promise<unknown>): Promise<unknown> => {
    const outcome = await work.then(
      () => null,
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(Error);
    return outcome;
  };
  const insert = (id: number, name = `name ${id}`): Promise<unknown> =>
    source.query('INSERT INTO sample (id, name, count) VALUES ($1, $2, 0)', [id, name]);
  const ids = async (): Promise<number[]> =>
    (await source.query<{ id: number }[]>('SELECT id FROM sample ORDER BY id')).map(({ id }) => id);

  describe('returns as it was given', () => {
    it.each([
      ['no bytes', Buffer.alloc(0)],
      ['every byte', Buffer.from(Array.from({ length: 256 }, (_, n) => n))],
      ['two megabytes', Buffer.alloc(2_000_000, 'rollcall')],
    ])('bytea: %s', async (_what, bytes) => {
      expect((await one<Buffer>('SELECT $1::bytea AS value', [bytes])).equals(bytes)).toBe(true);
    });

    it.each(['2026-03-29T00:59:59.999Z', '1969-12-31T23:59:59.001Z', '9999-12-31T23:59:59.999Z'])(
      'the instant %s, whatever the zone of the session',
      async (instant) => {
        expect(await one<Date>('SELECT $1::timestamptz AS value', [new Date(instant)])).toEqual(
          new Date(instant),
        );
      },
    );

    it('a text in any script, quotes and backslashes included', async () => {
      const text = `Ünïcödé 日本 🙂 'quoted' "twice" \\ $1 -- x\n\t${'\u200f'}`;
      expect(await one('SELECT $1::text AS value', [text])).toBe(text);
    });

    it('a JSON document with its types', async () => {
      const document = { text: 'x', number: 1.5, list: [null, true], nested: { deep: 'ü' } };
      expect(await one('SELECT $1::jsonb AS value', [JSON.stringify(document)])).toEqual(document);
    });

    it('float8 to the last bit, NaN and infinities too', async () => {
      const values = [0.1 + 0.2, Number.MIN_VALUE, Number.MAX_VALUE, NaN, Infinity, -Infinity];
      for (const value of values) expect(await one('SELECT $1::float8 AS value', [value])).toBe(value);
    });

    it('a count as a number and a bigint as text, so that no digit is lost', async () => {
      expect(await one('SELECT count(*)::int AS value FROM sample')).toBe(0);
      expect(await one('SELECT 9007199254740993::bigint AS value')).toBe('9007199254740993');
    });

    it('a uuid in lower case, and lists of uuids, texts and bytes', async () => {
      const id = uuidv7();
      expect(await one('SELECT $1::uuid AS value', [id.toUpperCase()])).toBe(id);
      expect(await one('SELECT $1::uuid[] AS value', [[id, id]])).toEqual([id, id]);
      expect(await one('SELECT $1::text[] AS value', [['a,b', '"', '', '\\']])).toEqual([
        'a,b',
        '"',
        '',
        '\\',
      ]);
      expect(
        await one<Buffer>('SELECT ($1::bytea[])[2] AS value', [[Buffer.from('a'), Buffer.from('b')]]),
      ).toEqual(Buffer.from('b'));
    });

    it('null as null, in every type', async () => {
      for (const type of ['text', 'bytea', 'timestamptz', 'jsonb', 'uuid', 'float8', 'int[]']) {
        expect(await one(`SELECT $1::${type} AS value`, [null])).toBeNull();
      }
    });

    it('twenty thousand rows and a list of ten thousand parameters', async () => {
      expect(await source.query('SELECT n FROM generate_series(1, 20000) AS n')).toHaveLength(20_000);
      const list = Array.from({ length: 10_000 }, (_, n) => n);
      expect(await one('SELECT sum(n)::int AS value FROM unnest($1::int[]) AS n', [list])).toBe(49_995_000);
    });
  });

  describe('refuses and says what', () => {
    it('a second row of one name, by the constraint', async () => {
      await insert(1, 'one');
      const fault = await faultOf(insert(2, 'one'));
      expect(uniqueViolation(fault)).toBe('sample_name_key');
      expect([isDatabaseUnavailable(fault), refusedByServer(fault)]).toEqual([false, true]);
    });

    it('a row of nobody, and the removal of what is referred to', async () => {
      const orphan = await faultOf(source.query('INSERT INTO child VALUES (1, 99)'));
      expect(foreignKeyViolation(orphan)).toBe('child_of');
      await insert(1);
      await source.query('INSERT INTO child VALUES (1, 1)');
      expect(foreignKeyViolation(await faultOf(source.query('DELETE FROM sample')))).toBe('child_of');
    });

    it.each([
      ['a number that is too large', `INSERT INTO sample (id) VALUES (3000000000)`, '22003'],
      ['a text that is no uuid', `SELECT 'x'::uuid`, '22P02'],
      ['bytes that are no text', `SELECT convert_from('\\xff', 'UTF8')`, '22021'],
      ['a row without its key', `INSERT INTO sample (name) VALUES ('x')`, '23502'],
      ['a check of the table', `UPDATE gallery_state SET id = 2`, '23514'],
      ['a table that is not there', `SELECT 1 FROM nowhere`, '42P01'],
      ['what is no SQL', `SELEC 1`, '42601'],
    ])('%s', async (_what, sql, code) => {
      const fault = await faultOf(source.query(sql));
      expect(fault).toMatchObject({ driverError: { code } });
      expect(refusedByServer(fault)).toBe(true);
      expect(await one('SELECT 1 AS value')).toBe(1);
    });

    it('to change the trail of events, for every role', async () => {
      for (const sql of [
        'UPDATE audit_events SET outcome = $1',
        'DELETE FROM audit_events WHERE outcome <> $1',
      ]) {
        await source.query(
          `INSERT INTO audit_events (sequence, id, at, action, outcome, caller, details, previous_hash, hash)
           VALUES (1, gen_random_uuid(), now(), 'x', 'OK', 'x', '{}', sha256(''), sha256('')) ON CONFLICT DO NOTHING`,
        );
        await faultOf(source.query(sql, ['changed']));
      }
      expect(await one('SELECT outcome AS value FROM audit_events')).toBe('OK');
    });
  });

  describe('keeps transactions apart', () => {
    it('undoes all of one that fails, and nothing of its neighbours', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, id) =>
          source.transaction(async (manager) => {
            await manager.query('INSERT INTO sample (id) VALUES ($1)', [id]);
            await manager.query('INSERT INTO child VALUES ($1, $1)', [id]);
            if (id % 2 === 1) throw new Error('odd');
          }),
        ),
      );
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(20);
      expect(await ids()).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
      expect(await one('SELECT count(*)::int AS value FROM child')).toBe(20);
    });

    it('rolls back to a savepoint and keeps what was before it', async () => {
      await source.transaction(async (manager) => {
        await manager.query('INSERT INTO sample (id) VALUES (1)');
        await manager
          .transaction(async (inner) => {
            await inner.query('INSERT INTO sample (id) VALUES (2)');
            await inner.query('INSERT INTO sample (id) VALUES (1)');
          })
          .catch(() => undefined);
        await manager.query('INSERT INTO sample (id) VALUES (3)');
      });
      expect(await ids()).toEqual([1, 3]);
    });

    it('takes nothing more of one that has failed, and is in order for the next', async () => {
      const fault = await faultOf(
        source.transaction(async (manager) => {
          await manager.query('SELECT 1 / 0').catch(() => undefined);
          await manager.query('INSERT INTO sample (id) VALUES (1)');
        }),
      );
      expect(fault).toMatchObject({ driverError: { code: '25P02' } });
      await insert(2);
      expect(await ids()).toEqual([2]);
    });

    it('shows a query outside nothing of what is not committed', async () => {
      let outside: Promise<number[]> = Promise.resolve([]);
      await source.transaction(async (manager) => {
        await manager.query('INSERT INTO sample (id) VALUES (1)');
        outside = ids();
        // PostgreSQL answers now, the embedded database after the transaction: neither in the middle of it.
        if (kind === 'postgres') expect(await outside).toEqual([]);
      });
      expect(await outside).toEqual(kind === 'postgres' ? [] : [1]);
    });
  });

  describe('settles a race', () => {
    const racers = Array.from({ length: 20 }, (_, n) => n);

    it('for one name: one gets it, the others hear of it', async () => {
      const results = await Promise.allSettled(racers.map((id) => insert(id, 'the name')));
      const faults = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      expect(faults.map(uniqueViolation)).toEqual(Array(19).fill('sample_name_key'));
    });

    it('for one counter: every increment counts and is answered once', async () => {
      await insert(1);
      const answers = await Promise.all(
        racers.map(async () => {
          const [rows] = await source.query<[{ count: number }[], number]>(
            'UPDATE sample SET count = count + 1 WHERE id = 1 RETURNING count',
          );
          return rows[0]?.count ?? 0;
        }),
      );
      expect(answers.sort((a, b) => a - b)).toEqual(racers.map((n) => n + 1));
      expect(await one('SELECT count AS value FROM sample WHERE id = 1')).toBe(20);
    });

    it('for a row that may be there: ON CONFLICT makes one of it', async () => {
      await Promise.all(
        racers.map(() =>
          source.query(
            'INSERT INTO sample (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = sample.count + 1',
          ),
        ),
      );
      expect(await one('SELECT count AS value FROM sample')).toBe(20);
    });

    it('for a locked row: each waits for the one before', async () => {
      await insert(1);
      await Promise.all(
        racers.map(() =>
          source.transaction(async (manager) => {
            const [row] = await manager.query<{ count: number }[]>(
              'SELECT count FROM sample WHERE id = 1 FOR UPDATE',
            );
            await manager.query('UPDATE sample SET count = $1 WHERE id = 1', [(row?.count ?? 0) + 1]);
          }),
        ),
      );
      expect(await one('SELECT count AS value FROM sample')).toBe(20);
    });

    it('for due work: SKIP LOCKED gives each row to one', async () => {
      await Promise.all(racers.map((id) => insert(id)));
      const taken = await Promise.all(
        racers.map(async () => {
          const [rows] = await source.query<[{ id: number }[], number]>(
            `UPDATE sample SET count = 1 WHERE id IN
               (SELECT id FROM sample WHERE count = 0 ORDER BY id LIMIT 3 FOR UPDATE SKIP LOCKED) RETURNING id`,
          );
          return rows.map(({ id }) => id);
        }),
      );
      const all = taken.flat();
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThanOrEqual(3);
    });

    it('for the migrations: the later process finds nothing to do', async () => {
      expect(await Promise.all([migrate(source), migrate(source), migrate(source)])).toEqual([[], [], []]);
    });
  });

  describe('has locks and messages', () => {
    it('that end with their transaction', async () => {
      await source.transaction(async (manager) => {
        await manager.query('SELECT pg_advisory_xact_lock(42)');
        expect(
          await manager.query(`SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory'`),
        ).toEqual([{ held: 1 }]);
      });
      expect(await one(`SELECT count(*)::int AS value FROM pg_locks WHERE locktype = 'advisory'`)).toBe(0);
    });

    it('that a session takes and gives back', async () => {
      const runner = source.createQueryRunner();
      await runner.connect();
      expect(await runner.query('SELECT pg_try_advisory_lock(43) AS locked')).toEqual([{ locked: true }]);
      expect(await runner.query('SELECT pg_advisory_unlock(43) AS released')).toEqual([{ released: true }]);
      await runner.release();
    });

    it('that are sent with the commit: NOTIFY within a transaction, whether somebody listens or not', async () => {
      const runner = source.createQueryRunner();
      const heard: string[] = [];
      const client = (await runner.connect()) as {
        on(event: 'notification', listener: (message: { payload?: string }) => void): void;
      };
      client.on('notification', ({ payload = '' }) => heard.push(payload));
      await runner.query('LISTEN rollcall_contract');
      await runner.startTransaction();
      await runner.query(`SELECT pg_notify('rollcall_contract', 'undone')`);
      await runner.rollbackTransaction();
      await runner.startTransaction();
      await runner.query(`SELECT pg_notify('rollcall_contract', 'done')`);
      expect(heard).toEqual([]);
      await runner.commitTransaction();
      await until(() => heard.length > 0);
      await runner.query('UNLISTEN *');
      await runner.release();
      expect(heard).toEqual(['done']);
    });
  });

  describe('prepares statements', () => {
    it('by name, again and again, and goes on after one has failed', async () => {
      const statements = new Statements(source);
      const text = 'INSERT INTO sample (id, name) VALUES ($1, $2) RETURNING id';
      expect(await statements.run('contract-insert', text, [1, 'one'])).toEqual([{ id: 1 }]);
      const fault = await faultOf(statements.run('contract-insert', text, [2, 'one']));
      expect(uniqueViolation(fault)).toBe('sample_name_key');
      expect(await statements.run('contract-insert', text, [3, 'three'])).toEqual([{ id: 3 }]);
    });
  });

  it('that is closed answers with a lost connection', async () => {
    const other = await createStorage(kind);
    const closed = await openDataSource(other);
    await closed.destroy();
    expect(isDatabaseUnavailable(await faultOf(closed.query('SELECT 1')))).toBe(true);
    await other.remove();
  });

  it('keeps what was committed when it is opened again', async () => {
    const other = await createStorage(kind);
    const first = await openDataSource(other);
    await first.query('CREATE TABLE kept (bytes bytea)');
    await first.query('INSERT INTO kept VALUES ($1)', [Buffer.from('kept')]);
    await first.destroy();
    const second = await openDataSource(other);
    expect(await second.query('SELECT bytes FROM kept')).toEqual([{ bytes: Buffer.from('kept') }]);
    await second.destroy();
    await other.remove();
  });

  it('gives up a statement that takes too long', async () => {
    const other = await createStorage(kind);
    const fatal: Error[] = [];
    const quick = await openDataSource(other, { DATABASE_QUERY_TIMEOUT_MS: '5000' }, (error) =>
      fatal.push(error),
    );
    const fault = await faultOf(quick.query('SELECT pg_sleep(30)'));
    expect(isDatabaseUnavailable(fault)).toBe(true);
    // The embedded engine cannot cancel: it is opened again, and the process goes on.
    expect(fatal).toEqual([]);
    await quick.destroy();
    await other.remove();
  });
});
