/** Real: LeasedRows, the database and its clock. Fake: the table, whose work is nothing. */
import type { DataSource } from 'typeorm';
import { LeasedRows } from '../../src/database/leased-rows';
import { openDataSource } from '../support/data-source';
import { createStorage, type TestStorage } from '../support/databases';

interface Row {
  readonly id: string;
  readonly version: number;
}

interface State {
  readonly id: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly due_in: number;
}

describe('rows that are leased', () => {
  let storage: TestStorage;
  let dataSource: DataSource;
  let rows: LeasedRows<Row>;
  const going = new AbortController().signal;

  beforeAll(async () => {
    storage = await createStorage();
    dataSource = await openDataSource(storage);
    await dataSource.query(
      `CREATE TABLE work (id text PRIMARY KEY, version int NOT NULL DEFAULT 1, done boolean NOT NULL DEFAULT false,
         next_at timestamptz NOT NULL DEFAULT now(), attempts int NOT NULL DEFAULT 0, last_error varchar(500))`,
    );
    rows = new LeasedRows<Row>(dataSource, {
      table: 'work',
      pending: 'NOT done',
      returning: 'id, version',
      key: [
        ['id', 'id'],
        ['version', 'version'],
      ],
      backOff: { firstRetryMs: 10_000, maxRetryMs: 30_000 },
    });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await storage.remove();
  });
  beforeEach(async () => {
    await dataSource.query('DELETE FROM work');
    await dataSource.query(`INSERT INTO work (id) VALUES ('a'), ('b'), ('c')`);
  });

  const stateOf = async (id: string): Promise<State> => {
    const [state] = await dataSource.query<State[]>(
      `SELECT id, attempts, last_error, extract(epoch FROM next_at - now())::float8 AS due_in FROM work WHERE id = $1`,
      [id],
    );
    if (state === undefined) throw new Error('unreachable');
    return state;
  };
  const drain = (
    work: (row: Row) => Promise<boolean | void>,
    limit = 2,
    leaseSeconds = 60,
  ): Promise<boolean> =>
    rows.drain(going, { limit: () => limit, leaseSeconds, work, failed: () => 'it failed' });

  it('are each taken by one of several at once, and not again while the lease lasts', async () => {
    const taken: string[] = [];
    const work = (row: Row): Promise<void> => Promise.resolve(void taken.push(row.id));
    expect(await Promise.all([drain(work), drain(work), drain(work)])).toEqual([true, true, true]);
    await drain(work);
    expect(taken.sort()).toEqual(['a', 'b', 'c']);
    expect((await stateOf('a')).due_in).toBeGreaterThan(30);
  });

  it('are taken again when the lease has ended without a word', async () => {
    let times = 0;
    const work = (): Promise<void> => Promise.resolve(void times++);
    await drain(work, 5, 0);
    await drain(work, 5, 0);
    expect(times).toBe(6);
  });

  it('wait twice as long after each failure, up to a limit, and say why', async () => {
    for (const [least, most] of [
      [5, 10],
      [10, 20],
      [15, 30],
      [15, 30],
    ] as const) {
      await dataSource.query('UPDATE work SET next_at = now()');
      await drain(() => Promise.reject(new Error('internals')), 5);
      const { due_in: dueIn, last_error: reason } = await stateOf('a');
      expect(reason).toBe('it failed');
      expect(dueIn).toBeGreaterThan(least - 2);
      expect(dueIn).toBeLessThanOrEqual(most);
    }
    expect((await stateOf('a')).attempts).toBe(4);
  });

  it('may wait without having failed', async () => {
    await drain((row) => rows.wait(row, 20_000, 'not yet'));
    expect(await stateOf('a')).toMatchObject({ attempts: 0, last_error: 'not yet' });
    const { due_in: dueIn } = await stateOf('a');
    expect(dueIn).toBeGreaterThan(5);
    expect(dueIn).toBeLessThanOrEqual(20);
  });

  it('are not touched by somebody whose row is done, or another one by now', async () => {
    await dataSource.query(`UPDATE work SET done = true WHERE id = 'a'`);
    await dataSource.query(`UPDATE work SET version = 2 WHERE id = 'b'`);
    for (const id of ['a', 'b', 'c']) await rows.failed({ id, version: 1 }, 'late');
    const reasons = await Promise.all(['a', 'b', 'c'].map(async (id) => (await stateOf(id)).last_error));
    expect(reasons).toEqual([null, null, 'late']);
  });

  it('are left alone once the work of one says that going on makes no sense', async () => {
    let times = 0;
    const work = (): Promise<boolean> => Promise.resolve(++times > 1);
    expect(await drain(work, 1)).toBe(false);
    expect(times).toBe(1);
  });
});
