/** Real: the migrations on the database of the run. Fake: nothing. */
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig';
import { migrationDrift } from '../../scripts/migration-drift';
import { loadConfig } from '../../src/config/config';
import { migrate } from '../../src/database/migrate';
import { migrations } from '../../src/migrations';
import { createStorage, everyDatabase, type TestStorage } from '../support/databases';

describe.each(everyDatabase)('the migrations on %s', (kind) => {
  let storage: TestStorage;
  let dataSource: DataSource;

  beforeAll(async () => {
    storage = await createStorage(kind);
    const config = loadConfig({
      DATA_DIR: storage.dataDir,
      ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
    });
    dataSource = await createDataSource(config, {
      onFatal: (error) => {
        throw error;
      },
    }).initialize();
    // The embedded one is a copy of a migrated one.
    await migrate(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });

  /** Every table, column, constraint and index, as the database describes it. */
  const schema = (): Promise<unknown[]> =>
    dataSource.query(
      `SELECT 'column' AS kind, table_name || '.' || column_name AS name,
         concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default) AS definition
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
       UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
         JOIN pg_class t ON t.oid = c.conrelid
         WHERE c.connamespace = 'public'::regnamespace AND t.relname <> 'migrations'
       UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
         WHERE schemaname = 'public' AND tablename <> 'migrations'
       ORDER BY 1, 2, 3`,
    );
  const tables = async (): Promise<string[]> =>
    (
      await dataSource.query<{ name: string }[]>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
      )
    ).map(({ name }) => name);

  it('make what the entities say', async () => {
    expect(await migrationDrift(dataSource)).toEqual([]);
  });

  it('show a column that no migration makes', async () => {
    await dataSource.query('ALTER TABLE offices DROP COLUMN time_zone');
    try {
      expect(await migrationDrift(dataSource)).toEqual([
        expect.stringMatching(/ALTER TABLE "offices" ADD "time_zone"/),
      ]);
    } finally {
      await dataSource.query(`ALTER TABLE offices ADD COLUMN time_zone varchar(64) NOT NULL DEFAULT 'UTC'`);
    }
  });

  it('run once, however often they are asked to', async () => {
    expect(await migrate(dataSource)).toEqual([]);
  });

  it('show each run of punches one millisecond apart, which a clock that was ahead has made', async () => {
    const person = '00000000-0000-4000-8000-000000000001';
    const at = Date.parse('2027-03-02T08:00:00.000Z');
    // Down to before the review items.
    const isThere = async (): Promise<boolean> =>
      (await dataSource.query<{ it: string | null }[]>(`SELECT to_regclass('review_items') AS it`))[0]?.it !=
      null;
    while (await isThere()) await dataSource.undoLastMigration();
    try {
      await dataSource.query(
        `INSERT INTO employees (id, name, employee_id, active, created_at) VALUES ($1, 'x', 'x', true, now())`,
        [person],
      );
      for (const [n, offset] of [0, 1, 2, 60_000, 120_000, 120_001].entries()) {
        await dataSource.query(
          `INSERT INTO attendances (id, employee_id, sequence, type, recorded_at, similarity)
           VALUES (gen_random_uuid(), $1, $2, 'LOGIN', $3, 1)`,
          [person, n + 1, new Date(at + offset)],
        );
      }
      await migrate(dataSource);
      const items = await dataSource.query<object[]>(
        `SELECT reason, cardinality(attendance_ids) AS punches FROM review_items ORDER BY captured_at`,
      );
      expect(items).toEqual([
        { reason: 'TIME_SUSPECT', punches: 3 },
        { reason: 'TIME_SUSPECT', punches: 2 },
      ]);
    } finally {
      await migrate(dataSource);
      for (const table of ['review_items', 'attendances', 'employees']) {
        await dataSource.query(`DELETE FROM ${table}`);
      }
    }
  });

  it('begin histories with what is there: employment with registration or the first punch, whichever is earlier', async () => {
    const isThere = async (): Promise<boolean> =>
      (await dataSource.query<{ it: string | null }[]>(`SELECT to_regclass('shifts') AS it`))[0]?.it != null;
    while (await isThere()) await dataSource.undoLastMigration();
    const [office, early, late, left] = [1, 2, 3, 4].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
    try {
      // A zone that the database need not know, and that is a day ahead.
      await dataSource.query(
        `INSERT INTO offices (id, name, time_zone) VALUES ($1, 'O', 'Pacific/Kiritimati')`,
        [office],
      );
      await dataSource.query(
        `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, office_id, active, deactivated_at, created_at)
         VALUES ($1, 'a', 'a', 'a', 'a', $4, true, NULL, '2026-03-02T20:00:00Z'),
           ($2, 'b', 'b', 'b', 'b', NULL, true, NULL, '2026-03-02T20:00:00Z'),
           ($3, 'c', 'c', 'c', 'c', $4, false, '2026-03-04T20:00:00Z', '2026-03-02T20:00:00Z')`,
        [early, late, left, office],
      );
      await dataSource.query(
        `INSERT INTO attendances (id, employee_id, sequence, type, recorded_at, similarity)
         VALUES (gen_random_uuid(), $1, 1, 'LOGIN', '2026-02-27T20:00:00Z', 1)`,
        [early],
      );
      await migrate(dataSource);
      expect(
        await dataSource.query(
          'SELECT employee_id, employed_from, employed_until FROM employees ORDER BY employee_id',
        ),
      ).toEqual([
        { employee_id: 'a', employed_from: '2026-02-28', employed_until: null },
        { employee_id: 'b', employed_from: '2026-03-02', employed_until: null },
        { employee_id: 'c', employed_from: '2026-03-03', employed_until: '2026-03-05' },
      ]);
      expect(
        await dataSource.query(
          'SELECT employee_id, office_id, valid_from FROM employee_offices ORDER BY employee_id',
        ),
      ).toEqual([
        { employee_id: early, office_id: office, valid_from: '-infinity' },
        { employee_id: late, office_id: null, valid_from: '-infinity' },
        { employee_id: left, office_id: office, valid_from: '-infinity' },
      ]);
      expect(await dataSource.query('SELECT time_zone, valid_from FROM office_zones')).toEqual([
        { time_zone: 'Pacific/Kiritimati', valid_from: '-infinity' },
      ]);
    } finally {
      await migrate(dataSource);
      for (const table of ['attendances', 'employees', 'offices'])
        await dataSource.query(`DELETE FROM ${table}`);
    }
  });

  it('go down to nothing and up again to the same', async () => {
    const before = await schema();
    expect(before.length).toBeGreaterThan(50);
    for (let n = 0; n < migrations.length; n += 1) await dataSource.undoLastMigration();
    expect(await tables()).toEqual(['migrations']);
    expect(await migrate(dataSource)).toHaveLength(migrations.length);
    expect(await schema()).toEqual(before);
    expect(await migrationDrift(dataSource)).toEqual([]);
  });

  it('keep impossible rows out of the database, from any writer', async () => {
    const refused = async (sql: string): Promise<string> =>
      dataSource.query(sql).then(
        () => 'taken',
        (error: { driverError?: { constraint?: string } }) =>
          error.driverError?.constraint ?? 'refused for another reason',
      );
    const id = (n: number) => `'00000000-0000-7000-8000-00000000000${n}'`;
    const employee = (n: number, employeeId: string, name = "'N'") =>
      `INSERT INTO employees (id, name, name_key, employee_id, employee_id_key, created_at, image_path)
       VALUES (${id(n)}, ${name}, 'n', '${employeeId}', '${employeeId.toLowerCase()}', now(), 'x')`;
    const punch = (n: number, sequence: number, more = { column: 'request_id', value: 'NULL' }) =>
      `INSERT INTO attendances (id, employee_id, sequence, type, recorded_at, similarity, image_path, ${more.column})
       VALUES (${id(n)}, ${id(1)}, ${sequence}, 'LOGIN', now(), 1, 'x', ${more.value})`;

    expect(await refused(employee(1, 'EMP-1'))).toBe('taken');
    expect(await refused(employee(2, 'emp-1'))).toBe('employees_employee_id_key');
    expect(await refused(employee(2, '../etc'))).toBe('employees_employee_id_shape');
    expect(await refused(employee(2, 'EMP-2', "''"))).toBe('employees_name_length');
    expect(await refused(punch(1, 1, { column: 'request_id', value: "'r'" }))).toBe('taken');
    expect(await refused(punch(2, 1))).toBe('attendances_employee_id_sequence');
    expect(await refused(punch(2, 2, { column: 'request_id', value: "'r'" }))).toBe('attendances_request_id');
    expect(await refused(punch(2, 2, { column: 'latitude', value: '1' }))).toBe('attendances_position_whole');
    expect(await refused(punch(2, 2, { column: 'distance_from_office', value: '-1' }))).toBe(
      'attendances_distance',
    );
    expect(await refused(`DELETE FROM employees WHERE id = ${id(1)}`)).toBe('attendances_employee_id_fkey');
    expect(
      await refused(
        `INSERT INTO face_templates (id, employee_id, vector, dimension, model_id, source, created_at)
         VALUES (${id(1)}, ${id(1)}, '\\x00', 128, 'm', 'client', now())`,
      ),
    ).toBe('face_templates_vector_length');
    expect(await refused(`INSERT INTO offices (id, name, latitude) VALUES (${id(1)}, 'O', 1)`)).toBe(
      'offices_geofence_whole',
    );
    const challenge = (n: number, hash: string) =>
      `INSERT INTO challenges (id, token_hash, caller, actions, created_at, expires_at)
       VALUES (${id(n)}, ${hash}, 'c', '[]', now(), now())`;
    expect(await refused(challenge(1, `sha256('t')`))).toBe('taken');
    expect(await refused(challenge(2, `sha256('t')`))).toBe('challenges_token_hash');
    expect(await refused(challenge(2, `'t'`))).toBe('challenges_token_hash_length');
    expect(
      await refused(
        `INSERT INTO seen_samples (hash, caller, first_seen_at, seen_at) VALUES ('a photo', 'c', now(), now())`,
      ),
    ).toBe('seen_samples_hash_length');
    expect(
      await refused(`INSERT INTO gallery_state (id, version, token) VALUES (2, 0, gen_random_uuid())`),
    ).toBe('gallery_state_one_row');
  });
});
