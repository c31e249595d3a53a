/** Real: TypeORM, pg, PGlite in its worker thread, the disk. Fake: nothing. */
import { rmSync } from 'node:fs';
import { DataSource, EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';
import { type PglitePool, pgliteDriver } from '@rollcall/embedded-postgres';
import { foreignKeyViolation, isDatabaseUnavailable, uniqueViolation } from '../../src/database/errors';
import { pgliteOptions, temporaryFolder } from '../support/pglite';

interface Person {
  id: number;
  name: string;
  template: Buffer;
  seenAt: Date;
}

const PersonEntity = new EntitySchema<Person>({
  name: 'Person',
  tableName: 'person',
  columns: {
    id: { type: 'int', primary: true },
    name: { type: 'text' },
    template: { type: 'bytea' },
    seenAt: { type: 'timestamptz', name: 'seen_at' },
  },
});

class CreatePerson1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table person (
      id int primary key, name text not null constraint person_name_is_unique unique,
      template bytea not null, seen_at timestamptz not null)`);
    await runner.query(`create table punch (
      id int primary key, person_id int not null constraint punch_has_person references person (id))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table punch');
    await runner.query('drop table person');
  }
}

const person = (id: number, name = `person ${id}`): Person => ({
  id,
  name,
  template: Buffer.from([0, 1, 127, 128, 255, id % 256]),
  seenAt: new Date('2024-03-31T01:30:00.123Z'),
});

const folder = temporaryFolder();
let source: DataSource;
let pool: PglitePool;

beforeAll(async () => {
  const { Pool } = pgliteDriver(pgliteOptions(`${folder}/nested/pgdata`));
  source = await new DataSource({
    type: 'postgres',
    // Keeps a hold on the pool that TypeORM makes.
    driver: { Pool: function (limits: object) { return (pool = new Pool(limits)); } },
    installExtensions: false,
    // How long a query waits for those before it.
    connectTimeoutMS: 10_000,
    entities: [PersonEntity],
    migrations: [CreatePerson1700000000000],
  }).initialize(); // prettier-ignore
  await source.runMigrations();
});

beforeEach(() => source.query('truncate person cascade'));

afterAll(async () => {
  await source.destroy();
  rmSync(folder, { recursive: true });
});

const names = async (): Promise<string[]> =>
  (await source.getRepository(PersonEntity).find({ order: { id: 'asc' } })).map(({ name }) => name);

describe('TypeORM over PGlite', () => {
  it('runs a migration once and undoes it', async () => {
    expect(await source.runMigrations()).toEqual([]);
    await source.undoLastMigration();
    expect(await source.query(`select to_regclass('person') as person`)).toEqual([{ person: null }]);
    expect(await source.runMigrations()).toHaveLength(1);
  });

  it('returns bytes and instants exactly as they were saved', async () => {
    await source.getRepository(PersonEntity).insert(person(1));
    expect(await source.getRepository(PersonEntity).findOneByOrFail({ id: 1 })).toEqual(person(1));
  });

  it('carries a value of two megabytes in both directions', async () => {
    const template = Buffer.alloc(2_000_000, 'rollcall');
    await source.getRepository(PersonEntity).insert({ ...person(1), template });
    const saved = await source.getRepository(PersonEntity).findOneByOrFail({ id: 1 });
    expect(saved.template.equals(template)).toBe(true);
  });

  it('names the constraint that a row violates', async () => {
    await source.getRepository(PersonEntity).insert(person(1, 'Ada'));
    const twice: unknown = await source
      .getRepository(PersonEntity)
      .insert(person(2, 'Ada'))
      .catch((e: unknown) => e);
    expect(uniqueViolation(twice)).toBe('person_name_is_unique');
    const orphan: unknown = await source.query('insert into punch values (1, 99)').catch((e: unknown) => e);
    expect(foreignKeyViolation(orphan)).toBe('punch_has_person');
    expect(isDatabaseUnavailable(orphan)).toBe(false);
  });

  it('rolls a savepoint back and keeps what was around it', async () => {
    await source.transaction(async (outer) => {
      await outer.insert(PersonEntity, person(1));
      await outer
        .transaction(async (inner) => {
          await inner.insert(PersonEntity, person(2));
          throw new Error('inner');
        })
        .catch(() => undefined);
      await outer.insert(PersonEntity, person(3));
    });
    expect(await names()).toEqual(['person 1', 'person 3']);
  });

  it('does not let a query outside of a transaction join it, nor be undone by its rollback', async () => {
    let outside: Promise<unknown> = Promise.resolve();
    const inside = source.transaction(async (manager) => {
      await manager.insert(PersonEntity, person(1, 'inside'));
      outside = source.getRepository(PersonEntity).insert(person(2, 'outside'));
      await manager.insert(PersonEntity, person(3, 'inside too'));
      throw new Error('undone');
    });
    await expect(inside).rejects.toThrow('undone');
    await outside;
    expect(await names()).toEqual(['outside']);
  });

  it('keeps fifty concurrent transactions apart, half of them rolled back', async () => {
    const work = Array.from({ length: 50 }, (_, id) =>
      source.transaction(async (manager) => {
        await manager.insert(PersonEntity, person(id));
        await manager.query('insert into punch values ($1, $1)', [id]);
        if (id % 2 === 1) throw new Error('odd');
      }),
    );
    const results = await Promise.allSettled(work);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(25);
    expect(await source.query('select count(*)::int as people, sum(id % 2)::int as odd from person')).toEqual(
      [{ people: 25, odd: 0 }],
    );
    expect(await source.query('select count(*)::int as punches from punch')).toEqual([{ punches: 25 }]);
  });

  it('understands SKIP LOCKED and advisory locks', async () => {
    await source.getRepository(PersonEntity).insert([person(1), person(2)]);
    await source.transaction(async (manager) => {
      expect(await manager.query('select pg_try_advisory_xact_lock(7) as locked')).toEqual([
        { locked: true },
      ]);
      expect(await manager.query('select id from person order by id limit 1 for update skip locked')).toEqual(
        [{ id: 1 }],
      );
    });
    expect(
      await source.query(`select count(*)::int as held from pg_locks where locktype = 'advisory'`),
    ).toEqual([{ held: 0 }]);
  });

  it('answers a query made outside, by somebody who waits for it inside, with a timeout instead of never', async () => {
    const stuck = source.transaction(() => source.query('select 1'));
    const error: unknown = await stuck.catch((e: unknown) => e);
    expect(String(error)).toContain('timeout exceeded when trying to connect');
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(await source.query('select 1 as alive')).toEqual([{ alive: 1 }]);
  });
});

describe('the pool of one', () => {
  it('serves callers in the order they came', async () => {
    const served: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await pool.query('select $1::int', [i]);
        served.push(i);
      }),
    );
    expect(served).toEqual([...served].sort((a, b) => a - b));
    expect(served).toHaveLength(20);
  });

  it('reuses a named prepared statement, also after the session was renewed', async () => {
    const statement = { name: 'double', text: 'select $1::int * 2 as twice' };
    const twice = async (n: number) => (await pool.query({ ...statement, values: [n] })).rows;
    expect(await twice(2)).toEqual([{ twice: 4 }]);
    expect(await twice(3)).toEqual([{ twice: 6 }]);
    expect(
      (await pool.query(`select name from pg_prepared_statements where name = 'double'`)).rows,
    ).toHaveLength(1);
    (await pool.connect()).release(true);
    expect((await pool.query('select name from pg_prepared_statements')).rows).toEqual([]);
    expect(await twice(4)).toEqual([{ twice: 8 }]);
  });

  it('goes on in the same session after a query that failed', async () => {
    await pool.query(`set application_name = 'same'`);
    await expect(pool.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect((await pool.query('show application_name')).rows).toEqual([{ application_name: 'same' }]);
  });

  it('undoes the transaction and forgets the settings of a client that is released in the middle', async () => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`insert into person values (1, 'half', '', now())`);
    await client.query('create temp table scratch ()');
    await client.query('select pg_advisory_lock(9)');
    client.release();
    expect(await names()).toEqual([]);
    expect(await source.query(`select to_regclass('pg_temp.scratch') as scratch, count(*)::int as locks
      from pg_locks where locktype = 'advisory'`)).toEqual([{ scratch: null, locks: 0 }]); // prettier-ignore
  });

  it('undoes a transaction whose BEGIN nobody waited for', async () => {
    const client = await pool.connect();
    const begun = client.query('begin').catch((error: unknown) => error);
    client.release();
    await pool.query(`insert into person values (1, 'mine', '', now())`);
    expect(isDatabaseUnavailable(await begun)).toBe(true);
    (await pool.connect()).release(true);
    expect(await names()).toEqual(['mine']);
  });

  it('leaves the event loop free while a query is worked on', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    try {
      await pool.query('select count(*) from generate_series(1, 3000000)');
    } finally {
      clearInterval(timer);
    }
    // If the query blocked the loop there would be none.
    expect(ticks).toBeGreaterThan(0);
  });
});

describe('the embedded database', () => {
  it('forces every commit to the disk', async () => {
    const before = pool.syncCount;
    for (let id = 0; id < 10; id += 1) await source.getRepository(PersonEntity).insert(person(id));
    expect(pool.syncCount - before).toBeGreaterThanOrEqual(10);
  });

  it('has every protection of the settings in force', async () => {
    const wanted = ['fsync', 'full_page_writes', 'max_wal_size', 'synchronous_commit', 'wal_sync_method'];
    const { rows } = await pool.query(
      'select name, setting from pg_settings where name = any($1) order by name',
      [wanted],
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['on', 'on', '64', 'on', 'fsync']);
  });

  // Several times in a row: PostgreSQL counts changes at once, but shows the counts at most once a second.
  it('vacuums a table full of dead rows and writes a checkpoint, each time', async () => {
    const lastCheckpoint = async () =>
      (await pool.query('select checkpoint_lsn::text as at from pg_control_checkpoint()')).rows[0]?.['at'];
    const ofPerson = `select n_dead_tup::int as dead, vacuum_count::int as vacuums
                      from pg_stat_user_tables where relname = 'person'`;
    const { vacuums } = (await pool.query(ofPerson)).rows[0] as { vacuums: number };
    for (let round = 1; round <= 3; round += 1) {
      await pool.query(`insert into person select i, i::text, '', now() from generate_series(1, 2000) i`);
      await pool.query('delete from person');
      const before = await lastCheckpoint();
      await pool.maintain();
      expect(await lastCheckpoint()).not.toBe(before);
      expect((await pool.query(ofPerson)).rows).toEqual([{ dead: 0, vacuums: vacuums + round }]);
    }
  });

  it('leaves the disk alone when nothing was written', async () => {
    await pool.maintain();
    await pool.maintain();
    const before = pool.syncCount;
    await pool.maintain();
    expect(pool.syncCount).toBe(before);
  });
});
