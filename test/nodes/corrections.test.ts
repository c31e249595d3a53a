/** Real: two services on one PostgreSQL, locks of a third session. Fake: nothing. */
import { Client } from 'pg';
import { createStorage, describeOnServer, type TestStorage } from '../support/databases';
import { register } from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';

const MANUAL = `mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }`;
const REQUEST = `mutation ($input: RequestCorrectionInput!) { requestCorrection(input: $input) { id } }`;
const DECIDE = `mutation ($input: DecideCorrectionInput!) { decideCorrection(input: $input) { status } }`;
const WITHDRAW = `mutation ($id: ID!) { withdrawCorrection(id: $id) { status } }`;
const CORRECTION = `query { corrections { nodes { id status } } }`;
const DAY = `query ($date: LocalDate!) { workDay(employeeId: "EMP-1", date: $date) { status figures { workedMinutes } } }`;

/** A day that is over everywhere. */
const DATE = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);

describeOnServer('a correction on two nodes', () => {
  let storage: TestStorage;
  let nodes: readonly [TestService, TestService];
  let session: Client;

  beforeAll(async () => {
    storage = await createStorage();
    nodes = [await TestService.start({ storage }), await TestService.start({ storage })];
    session = new Client({ connectionString: storage.databaseUrl as string });
    await session.connect();
  });
  beforeEach(async () => {
    await nodes[0].reset();
    await register(nodes[0], { employedFrom: '2020-01-01' });
  });
  afterAll(async () => {
    await session.end();
    await Promise.all(nodes.map((node) => node.stop()));
    await storage.remove();
  });

  const add = (type: string, time: string) => ({ add: { type, recordedAt: `${DATE}T${time}:00Z` } });
  const request = async (...changes: readonly object[]): Promise<string> => {
    const input = { employeeId: 'EMP-1', reason: 'Forgot', changes };
    return (await nodes[0].ask<{ requestCorrection: { id: string } }>(REQUEST, { input })).requestCorrection
      .id;
  };
  const punch = (type: string, time: string) =>
    nodes[0].ask(MANUAL, {
      input: { employeeId: 'EMP-1', type, recordedAt: `${DATE}T${time}:00Z`, reason: 'x' },
    });

  /** Sends both while the rows are locked, so that both have begun before one of them can decide. */
  async function atOnce<T>(id: string, first: () => Promise<T>, second: () => Promise<T>): Promise<[T, T]> {
    await session.query('BEGIN');
    await session.query('SELECT FROM employees FOR UPDATE');
    await session.query('SELECT FROM corrections WHERE id = $1 FOR UPDATE', [id]);
    const both = Promise.all([first(), second()]);
    await until(
      async () =>
        (
          await session.query<{ count: number }>(
            `SELECT count(*)::int AS count FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).rows[0]?.count ?? 0,
      (count) => count >= 2,
    );
    await session.query('COMMIT');
    return both;
  }

  const decide = (node: 0 | 1, id: string, approve: boolean) => () =>
    nodes[node].send<Record<string, { status: string }>>(DECIDE, { input: { id, approve } });
  const withdraw = (node: 0 | 1, id: string) => () =>
    nodes[node].send<Record<string, { status: string }>>(WITHDRAW, { id });

  it.each([
    ['two approve it', (id: string) => [decide(0, id, true), decide(1, id, true)] as const],
    ['one approves and one rejects it', (id: string) => [decide(0, id, true), decide(1, id, false)] as const],
    [
      'one approves it while it is withdrawn',
      (id: string) => [decide(0, id, true), withdraw(1, id)] as const,
    ],
  ])('is decided once, and the other node reads STALE: %s', async (_, two) => {
    await punch('LOGIN', '08:00');
    const id = await request(add('LOGOUT', '16:00'));
    const answers = await atOnce(id, ...two(id));
    const won = answers.flatMap(({ data }) => Object.values(data ?? {}).flatMap((one) => one?.status ?? []));
    const lost = answers.flatMap(({ errors }) => errors?.[0]?.extensions ?? []);
    expect(won).toHaveLength(1);
    expect(lost).toMatchObject([{ code: 'CONFLICT', reason: 'STALE' }]);
    for (const node of nodes) {
      expect(await node.ask(CORRECTION)).toEqual({ corrections: { nodes: [{ id, status: won[0] }] } });
      expect(await node.ask(DAY, { date: DATE })).toEqual({
        workDay:
          won[0] === 'APPROVED'
            ? { status: 'PRESENT', figures: { workedMinutes: 480 } }
            : { status: 'INCOMPLETE', figures: { workedMinutes: 0 } },
      });
    }
    // The punch that it added is there once, or not at all.
    const { rowCount } = await session.query('SELECT FROM attendances');
    expect(rowCount).toBe(won[0] === 'APPROVED' ? 2 : 1);
  });

  it('is stale if another one of the same day was approved at the same time', async () => {
    await punch('LOGIN', '08:00');
    const [first, second] = [await request(add('LOGOUT', '16:00')), await request(add('LOGOUT', '17:00'))];
    const answers = await atOnce(first, decide(0, first, true), decide(1, second, true));
    const lost = answers.flatMap(({ errors }) => errors?.[0]?.extensions ?? []);
    expect(lost).toMatchObject([{ code: 'CONFLICT', reason: 'STALE' }]);
    const { rowCount } = await session.query('SELECT FROM attendances');
    expect(rowCount).toBe(2);
  });
});
