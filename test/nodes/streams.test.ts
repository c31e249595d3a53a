/** Real: two services over HTTP on one PostgreSQL (TEST_DATABASE_URL), NOTIFY. Fake: nothing. */
import { Client } from 'pg';
import { createKey, createOffice, startClosed } from '../support/access';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { check, register } from '../support/operations';
import { EventStream } from '../support/streams';

describeOnServer('attendanceRecorded on two nodes', () => {
  let storage: TestStorage;
  let nodes: Awaited<ReturnType<typeof startClosed>>[];
  let streams: EventStream[];
  let database: Client;

  beforeAll(async () => {
    storage = await createStorage();
    nodes = [await startClosed({ storage }), await startClosed({ storage })];
    database = new Client({ connectionString: storage.databaseUrl as string });
    await database.connect();
    const office = await createOffice(node(0).admin, { name: 'Lima' });
    await register(node(0).admin, { officeId: office });
  });
  beforeEach(async () => {
    streams = await Promise.all(nodes.map(({ service }) => EventStream.open(service.url)));
    await Promise.all(streams.map((stream) => stream.until(({ comments }) => comments > 0)));
  });
  afterEach(() => streams.forEach((stream) => stream.close()));
  afterAll(async () => {
    await Promise.all(nodes.map(({ service }) => service.stop()));
    await database.end();
    await storage.remove();
  });
  const node = (n: number) => nodes[n % 2] as (typeof nodes)[0];

  it('publishes on each node the punches of both, once each', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) ids.push((await check(node(n).admin)).attendance?.id as string);
    for (const stream of streams) {
      await stream.until(({ punches }) => punches.length === 6);
      expect(stream.punches.map(({ id }) => id)).toEqual(ids);
    }
  });

  it('publishes what was recorded while notifications failed', async () => {
    const { rowCount } = await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~* '^listen|select 1$'`,
    );
    expect(rowCount).toBeGreaterThanOrEqual(2);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await check(node(n).admin)).attendance?.id as string);
    for (const stream of streams) {
      await stream.until(({ punches }) => punches.length >= 3);
      expect(stream.punches.map(({ id }) => id).sort()).toEqual([...ids].sort());
    }
  });

  it('ends on one node if the key is revoked on the other', async () => {
    const { id, secret } = await createKey(node(0).admin, { role: 'VIEWER' });
    const stream = await EventStream.open(node(1).service.url, { credential: secret });
    streams.push(stream);
    await node(0).admin.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id });
    await stream.until(({ ended }) => ended);
    expect(stream.events[0]?.data?.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('minds nothing that others say on the channel', async () => {
    for (const payload of ['', 'x', '00000000-0000-7000-8000-000000000000']) {
      await database.query('SELECT pg_notify($1, $2)', ['rollcall_punches', payload]);
    }
    const { attendance } = await check(node(0).admin);
    for (const stream of streams) {
      await stream.until(({ punches }) => punches.length > 0);
      expect(stream.punches.map(({ id }) => id)).toEqual([attendance?.id]);
    }
  });
});
