/** Real: the service over HTTP, the database, real photos. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { AuditNotes } from '../../src/services/audit/audit-notes';
import { verifyAuditChain } from '../../src/services/audit/audit-verification';
import { as, createKey, createOffice, Speaker, startClosed } from '../support/access';
import { createStorage, type TestStorage } from '../support/databases';
import { post, send } from '../support/hostile';
import { CHECK, collins, register } from '../support/operations';
import type { TestService } from '../support/service';
import { until } from '../support/until';
import { auditOf, type AuditRow } from '../support/privacy';

const json = { 'content-type': 'application/json' };
const SUBSCRIBE = JSON.stringify({ query: 'subscription { attendanceRecorded { id } }' });
const OFFICES = JSON.stringify({ query: '{ offices { id } }' });
const LOOPBACK = expect.stringMatching(/^(::1|(::ffff:)?127\.0\.0\.1)$/) as string;

const detailsOf = ({ details }: AuditRow): Record<string, string | null> =>
  Object.fromEntries(details.map(({ name, value }) => [name, value]));

describe('the audit trail', () => {
  let storage: TestStorage;
  let service: TestService;
  let admin: Speaker;
  const env = { ENCRYPTION_KEY: randomBytes(32).toString('hex') };

  beforeAll(async () => {
    storage = await createStorage();
    ({ service, admin } = await startClosed({ storage, env }));
  });
  beforeEach(() => service.reset());
  afterAll(async () => {
    await service.stop();
    await storage.remove();
  });

  /** What was noted so far, written before its minute is over. */
  async function noted(action: string): Promise<readonly AuditRow[]> {
    await service.app.settle();
    return auditOf(admin, { action });
  }

  it('has who was refused access, by the minute, and not what they presented', async () => {
    const office = await createOffice(admin, { name: 'Lima' });
    const elsewhere = await createOffice(admin, { name: 'Quito' });
    const [viewer, kiosk] = [
      await createKey(admin, { role: 'VIEWER' }),
      await createKey(admin, { role: 'KIOSK', officeId: office }),
    ];
    const statuses: number[] = [];
    const tell = ({ status }: { status: number }): void => void statuses.push(status);
    for (let n = 0; n < 20; n++) tell(await post(service.url, OFFICES));
    tell(await post(service.url, OFFICES, { ...json, ...as('rck_a-secret-that-was-mistyped') }));
    tell(await send(service.url, '/media/face_images/EMP-1.jpg'));
    tell(await send(service.url, '/media/face_images/EMP-1.jpg', { headers: as('wrong-key-0123456789') }));
    tell(await send(service.url, `/exports/${'x'.repeat(43)}`));
    tell(await send(service.url, '/graphql/stream', { method: 'POST', headers: json, body: SUBSCRIBE }));
    expect(statuses).toEqual([...Array<number>(21).fill(401), 403, 401, 404, 401]);

    await new Speaker(service, viewer.secret).fault('mutation { deleteOffice(id: "x") }');
    tell(await send(service.url, '/media/face_images/EMP-1.jpg', { headers: as(kiosk.secret) }));
    const named = 'mutation ($i: CreateChallengeInput!) { createChallenge(input: $i) { token } }';
    await new Speaker(service, kiosk.secret).fault(named, { i: { officeId: elsewhere } });
    // Whoever may is not noted.
    await admin.ask('{ offices { id } }');

    const rows = await noted('access.refused');
    const told = rows.map((row) => ({ ...row, details: detailsOf(row) }));
    expect(
      told.map(({ caller, outcome, address, details }) => ({ caller, outcome, address, details })),
    ).toEqual(
      expect.arrayContaining([
        {
          caller: 'anonymous',
          outcome: 'UNAUTHENTICATED',
          address: LOOPBACK,
          details: { count: '25', graphql: '21', media: '2', exports: '1', stream: '1' },
        },
        {
          caller: `key:${viewer.id}`,
          outcome: 'FORBIDDEN',
          address: LOOPBACK,
          details: { count: '1', graphql: '1' },
        },
        {
          caller: `key:${kiosk.id}`,
          outcome: 'FORBIDDEN',
          address: LOOPBACK,
          details: { count: '2', media: '1', graphql: '1' },
        },
      ]),
    );
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/mistyped|wrong-key|xxx/);
  });

  it('has where a lock begins, and by the minute what it kept from being answered', async () => {
    const { employee } = await register(admin);
    const { secret, id } = await createKey(admin, { role: 'HR' });
    const hr = new Speaker(service, secret);
    const refuse = (speaker: Speaker, input: object) =>
      speaker.send(CHECK, { input: { ...collins, ...input } });
    for (let n = 0; n < 15; n++) await refuse(hr, { employeeId: 'EMP-1' });
    // The key's own: of 20, five were those.
    for (let n = 0; n < 15; n++) await refuse(hr, {});
    for (const employeeId of ['EMP-1', 'EMP-2', 'NOBODY']) await refuse(hr, { employeeId });

    const refused = await noted('check.refused');
    const told = refused
      .filter(({ outcome }) => outcome === 'TOO_MANY_REQUESTS')
      .map(({ caller, employeeId, ...row }) => ({ caller, employeeId, ...detailsOf(row as AuditRow) }));
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { caller: `key:${id}`, employeeId: employee.id, count: '10', reason: 'EMPLOYEE' },
        { caller: `key:${id}`, employeeId: null, count: '3', reason: 'KEY' },
      ]),
    );
    const begun = await auditOf(admin, { action: 'lockout.begin' });
    expect(
      begun.map((row) => ({ ...detailsOf(row), employeeId: row.employeeId, caller: row.caller })),
    ).toEqual([
      {
        locked: `key:${id}`,
        count: '1',
        failures: '20',
        until: expect.any(String) as string,
        employeeId: null,
        caller: `key:${id}`,
      },
      {
        count: '1',
        failures: '5',
        until: expect.any(String) as string,
        employeeId: employee.id,
        caller: `key:${id}`,
      },
    ]);
  });

  it('has who began to bring everything under another key', async () => {
    await admin.ask('mutation { rotateEncryption { keyId } }');
    const [event] = await until(
      () => auditOf(admin, { action: 'encryption.rotate' }),
      (rows) => rows.length > 0,
    );
    expect(event).toMatchObject({
      caller: 'admin',
      outcome: 'OK',
      address: LOOPBACK,
      employeeId: null,
      details: [
        { name: 'count', value: '1' },
        { name: 'keyId', value: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
      ],
    });
  });

  it('keeps a flood of refused access to a row an address and minute, of so many addresses', async () => {
    const { dataSource } = service.app;
    {
      const notes = new AuditNotes(dataSource, pino({ level: 'silent' }));
      const at = new Date('2026-03-02T08:00:00Z');
      const refuse = (address: string): void =>
        notes.noteByMinute(
          {
            action: 'access.refused',
            outcome: 'UNAUTHENTICATED',
            claimed: null,
            by: { caller: 'anonymous', address },
            at,
          },
          'graphql',
        );
      for (let n = 0; n < 10_000; n++) refuse(`10.0.${n % 4}.${n % 250}`);
      // One has a whole network of them.
      for (let n = 0; n < 1000; n++) refuse(`2001:db8::${n.toString(16)}`);
      await notes.flush();
      const events = await dataSource.query<{ caller: string; rows: number; count: number }[]>(
        `SELECT caller, count(*)::int AS rows, sum((details->>'count')::int)::int AS count FROM audit_events
         WHERE action = 'access.refused' GROUP BY caller ORDER BY caller`,
      );
      expect(events.map(({ caller, rows }) => [caller, rows])).toEqual([
        ['anonymous', 200],
        ['others', 1],
      ]);
      expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(11_000);
      expect((await verifyAuditChain(dataSource)).faults).toEqual([]);
    }
  });

  it('has checks with made-up challenges as one, whomever they claim', async () => {
    const office = await createOffice(admin, { name: 'Lima' });
    const key = await createKey(admin, { role: 'KIOSK', officeId: office });
    const kiosk = new Speaker(service, key.secret);
    for (let n = 0; n < 30; n++) {
      const { data } = await kiosk.send<{ checkAttendance: { status: string } }>(CHECK, {
        input: { ...collins, employeeId: `EMP-${n}`, challenge: 'bogus' },
      });
      expect(data?.checkAttendance.status).toBe('CHALLENGE_REFUSED');
    }
    const rows = (await noted('check.refused')).map((row) => [row.outcome, detailsOf(row)['count']]);
    expect(rows).toEqual([['CHALLENGE_REFUSED', '30']]);
  });
});
