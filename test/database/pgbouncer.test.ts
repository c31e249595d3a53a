/** Real: two services over HTTP, PgBouncer with its defaults, PostgreSQL. Fake: nothing. */
import { Pool } from 'pg';
import { poolsTransactions } from '../../src/database/pooling';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { check, collins, hopper, register } from '../support/operations';
import { hasPgBouncer, type PoolMode, startPgBouncer } from '../support/pgbouncer';
import { TestService } from '../support/service';
import { EventStream } from '../support/streams';

const ENV = { PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0', DATABASE_POOL_SIZE: '5' };

const suite = (name: string, tests: () => void): void =>
  hasPgBouncer()
    ? describeOnServer(name, tests)
    : describe.skip(`${name} (skipped: pgbouncer is not installed)`, tests);

suite('behind PgBouncer', () => {
  let storage: TestStorage;
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;

  const begin = async (mode: PoolMode): Promise<void> => {
    storage = await createStorage();
    bouncer = await startPgBouncer(storage.databaseUrl as string, mode);
  };
  const start = (env: Readonly<Record<string, string>> = {}): Promise<TestService> =>
    TestService.start({ storage: { ...storage, databaseUrl: bouncer.url }, env: { ...ENV, ...env } });
  afterEach(async () => {
    await bouncer.stop();
    await storage.remove();
  });

  async function works(env: Readonly<Record<string, string>>): Promise<void> {
    const [one, two] = [await start(env), await start(env)];
    try {
      await register(one);
      await register(one, { ...collins, name: 'Eileen', employeeId: 'EMP-2' });
      // Over the notifications' own connection.
      const stream = await EventStream.open(two.url, { credential: null });
      await stream.until(({ comments }) => comments > 0);
      const answers = await Promise.all(
        Array.from({ length: 32 }, (_, n) => check(n % 2 === 0 ? one : two, n % 4 < 2 ? hopper : collins)),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(32).fill('RECORDED'));
      await stream.until(({ punches }) => punches.length === 32);
      stream.close();
      expect((await fetch(`${two.url}/readyz`)).status).toBe(200);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  }

  it('that pools sessions, everything works', async () => {
    await begin('session');
    await works({});
  });

  it('that pools transactions, everything works with DATABASE_DIRECT_URL', async () => {
    await begin('transaction');
    await works({ DATABASE_DIRECT_URL: storage.databaseUrl as string });
  });

  it('that pools transactions, a start without DATABASE_DIRECT_URL is refused with the reason', async () => {
    await begin('transaction');
    await expect(start()).rejects.toThrow(/pools transactions.* Set DATABASE_DIRECT_URL/);
  });

  /** How often each answer is given while this many clients of other nodes are busy. */
  async function known(times: number, busyClients: number): Promise<Record<string, number>> {
    const pool = new Pool({ connectionString: bouncer.url, max: 15 });
    // The pooler's end, after the test.
    pool.on('error', () => undefined);
    await Promise.all(Array.from({ length: 15 }, () => pool.query('SELECT pg_sleep(0.05)')));
    let busy = true;
    const client = async (): Promise<void> => {
      while (busy) await pool.query('SELECT 1');
    };
    const clients = Array.from({ length: busyClients }, client);
    const answers: Record<string, number> = {};
    for (let n = 0; n < times; n++) {
      const answer = String(await poolsTransactions({ connectionString: bouncer.url }));
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
    busy = false;
    await Promise.all(clients);
    await pool.end();
    return answers;
  }

  it.each([0, 5, 15])('that pools transactions, a start knows it beside %i busy clients', async (busy) => {
    await begin('transaction');
    expect(await known(50, busy)).toEqual({ true: 50 });
  });

  // 15 clients have a connection each, of 20.
  it.each([0, 15])('that pools sessions, a start knows it beside %i busy clients', async (busy) => {
    await begin('session');
    expect(await known(2, busy)).toEqual({ false: 2 });
  });

  it('that pools statements, a start is refused with the reason', async () => {
    await begin('statement');
    await expect(start()).rejects.toThrow(/pool_mode/);
  });
});
