/** Real: two services on one PostgreSQL, real photos, locks of a third session. Fake: nothing. */
import { Client } from 'pg';
import { ADMIN_KEY, createKey, Speaker } from '../support/access';
import { createStorage, describeOnServer, onServer, type TestStorage } from '../support/databases';
import { CHECK, hopperAgain, punchCount, register } from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';

const REVIEW_CHECK = CHECK.replace(
  '... on FaceMismatch',
  '... on ReviewQueued { reviewItemId reviewReason } ... on FaceMismatch',
);
const ACCEPT = `mutation ($input: AcceptReviewItemInput!) { acceptReviewItem(input: $input) { id status } }`;
const DISMISS = `mutation ($input: DismissReviewItemInput!) { dismissReviewItem(input: $input) { id status } }`;

interface Answer {
  readonly status: string;
  readonly reviewItemId?: string;
  readonly attendance?: { readonly id: string };
}

describeOnServer('a saved check on two nodes', () => {
  let storage: TestStorage;
  let nodes: [TestService, TestService];
  let admins: [Speaker, Speaker];
  let clients: [Speaker, Speaker];
  let session: Client;

  beforeAll(async () => {
    storage = await createStorage();
    const env = { ADMIN_API_KEY: ADMIN_KEY, PUNCH_MIN_INTERVAL_SECONDS: '0', REPLAY_WINDOW_DAYS: '0' };
    nodes = [await TestService.start({ storage, env }), await TestService.start({ storage, env })];
    admins = [new Speaker(nodes[0], ADMIN_KEY), new Speaker(nodes[1], ADMIN_KEY)];
    const { secret } = await createKey(admins[0], { role: 'HR' });
    clients = [new Speaker(nodes[0], secret), new Speaker(nodes[1], secret)];
    await register(admins[0]);
    session = new Client({ connectionString: storage.databaseUrl as string });
    await session.connect();
  });
  afterAll(async () => {
    await session.end();
    await Promise.all(nodes.map((node) => node.stop()));
    await storage.remove();
  });

  const send = async (node: 0 | 1, input: object): Promise<Answer> =>
    (
      await clients[node].ask<{ checkAttendance: Answer }>(REVIEW_CHECK, {
        input: { ...hopperAgain, ...input },
      })
    ).checkAttendance;
  const itemsOf = async (requestId: string): Promise<number> => {
    const { rows } = await session.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM review_items WHERE request_id = $1',
      [requestId],
    );
    return rows[0]?.count ?? -1;
  };
  const database = (): string => new URL(storage.databaseUrl as string).pathname.slice(1);
  const waiting = (what: string) =>
    until(
      () =>
        onServer<{ count: number }>(
          `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = '${database()}' AND wait_event_type = 'Lock' AND query ILIKE '%${what}%'`,
        ),
      ([row]) => (row?.count ?? 0) > 0,
    );

  it('that became a review item makes no punch of the online check that is recorded late', async () => {
    const before = await punchCount(admins[0]);
    await session.query('BEGIN');
    await session.query('LOCK TABLE attendances IN SHARE MODE');
    const late = send(0, { requestId: 'late' });
    await waiting('INSERT INTO attendances');
    const saved = { requestId: 'late', capturedAt: new Date().toISOString(), employeeId: 'NOBODY' };
    const queued = await send(1, saved);
    expect(queued.status).toBe('REVIEW');
    await session.query('COMMIT');
    expect(await late).toEqual(queued);
    expect(await punchCount(admins[0])).toBe(before);
    expect(await itemsOf('late')).toBe(1);
  });

  it('becomes no review item while its punch is being written', async () => {
    const first = await send(0, { requestId: 'first' });
    await session.query('BEGIN');
    await session.query(`SELECT rollcall_lock_request('second')`);
    await session.query(
      `UPDATE attendances SET request_id = 'second' WHERE id = '${first.attendance?.id ?? ''}'`,
    );
    const saved = { requestId: 'second', capturedAt: new Date().toISOString(), employeeId: 'NOBODY' };
    const sent = send(1, saved);
    await waiting('rollcall_lock_request');
    await session.query('COMMIT');
    expect(await sent).toMatchObject({
      status: 'ALREADY_RECORDED',
      attendance: { id: first.attendance?.id },
    });
    expect(await itemsOf('second')).toBe(0);
  });

  it('is decided by one of two people who decide at once; the other one gets CONFLICT', async () => {
    for (let round = 0; round < 5; round++) {
      const capturedAt = new Date(Date.now() - 1000 * round).toISOString();
      const { reviewItemId: id } = await send(0, {
        requestId: `r-${round}`,
        capturedAt,
        employeeId: 'NOBODY',
      });
      const accept = { id, employeeId: 'EMP-1', type: 'LOGIN', recordedAt: capturedAt, reason: 'Seen there' };
      const answers = await Promise.all([
        nodes[0].send(ACCEPT, { input: accept }, { authorization: `Bearer ${ADMIN_KEY}` }),
        nodes[1].send(
          DISMISS,
          { input: { id, reason: 'Not seen' } },
          { authorization: `Bearer ${ADMIN_KEY}` },
        ),
      ]);
      const codes = answers.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'DECIDED').sort();
      expect(codes).toEqual(['CONFLICT', 'DECIDED']);
      const { rows } = await session.query(
        `SELECT status = 'ACCEPTED' AS accepted, EXISTS (SELECT FROM attendances a WHERE a.id = r.id) AS punch
         FROM review_items r WHERE id = '${id ?? ''}'`,
      );
      expect(rows).toEqual([
        { accepted: answers[0].errors === undefined, punch: answers[0].errors === undefined },
      ]);
    }
  });
});
