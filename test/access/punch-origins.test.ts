/** Real: the service over HTTP, the database, real photos. Fake: nothing. */
import { ADMIN_KEY, createKey, createOffice, Speaker, startClosed } from '../support/access';
import { truncatedAddress } from '../../src/services/attendance/punches/punch-origin';
import { clientVersionOf } from '../../src/http/hooks/client-version';
import { CHECK, hopperAgain, register } from '../support/operations';
import type { TestService } from '../support/service';

const ORIGINS = `query ($filter: AttendanceFilter) { attendances(filter: $filter) {
  nodes { origin { requester keyId network client } } } }`;
interface Origin {
  readonly requester: string;
  readonly keyId: string | null;
  readonly network: string | null;
  readonly client: string | null;
}

describe('a punch says which key sent it', () => {
  let service: TestService;
  let admin: Speaker;
  let kiosk: string;
  let hr: Speaker;
  let viewer: Speaker;

  const origins = async (speaker: Speaker, filter: object = {}): Promise<Origin[]> => {
    const { attendances } = await speaker.ask<{ attendances: { nodes: { origin: Origin }[] } }>(ORIGINS, {
      filter,
    });
    return attendances.nodes.map(({ origin }) => origin);
  };
  const punch = (key: string, headers: Readonly<Record<string, string>> = {}, input: object = {}) =>
    service.send<{ checkAttendance: { status: string; reviewItemId?: string } }>(
      CHECK,
      { input: { employeeId: 'EMP-1', ...hopperAgain, ...input } },
      { authorization: `Bearer ${key}`, ...headers },
    );

  beforeAll(async () => {
    ({ service, admin } = await startClosed({ env: { TRUST_PROXY: '1' } }));
    const officeId = await createOffice(admin, { name: 'Lima' });
    await register(admin, { officeId });
    const key = await createKey(admin, { role: 'KIOSK', officeId });
    kiosk = key.id;
    hr = new Speaker(service, (await createKey(admin, { role: 'HR' })).secret);
    viewer = new Speaker(service, (await createKey(admin, { role: 'VIEWER' })).secret);
    const forwarded = { 'x-forwarded-for': '203.0.113.77', 'x-forwarded-proto': 'https' };
    const client = { 'apollographql-client-name': 'door', 'apollographql-client-version': '4.2' };
    expect((await punch(key.secret, { ...forwarded, ...client })).data?.checkAttendance.status).toBe(
      'RECORDED',
    );
    const phone = {
      'x-forwarded-for': '2001:DB8:0:5::7',
      'x-forwarded-proto': 'https',
      'user-agent': 'curl/8',
    };
    expect((await punch(ADMIN_KEY, phone)).data?.checkAttendance.status).toBe('RECORDED');
  });
  afterAll(() => service.stop());

  it('for ADMIN and HR, with a truncated address and the program', async () => {
    const expected = [
      { requester: 'admin', keyId: null, network: '2001:db8::/48', client: 'curl/8' },
      { requester: `key:${kiosk}`, keyId: kiosk, network: '203.0.113.0/24', client: 'door/4.2' },
    ];
    expect(await origins(admin)).toEqual(expected);
    expect(await origins(hr)).toEqual(expected);
    // Nothing keeps more of the address with the punch.
    const rows = await service.sql<{ row: string }>('SELECT a::text AS row FROM attendances a');
    expect(JSON.stringify(rows)).not.toMatch(/113\.77|0:5::7/);
  });

  it('and lists them by key, network and program', async () => {
    const clientsOf = async (filter: object): Promise<(string | null)[]> =>
      (await origins(hr, filter)).map(({ client }) => client);
    expect(await clientsOf({ keyId: kiosk })).toEqual(['door/4.2']);
    expect(await clientsOf({ keyId: kiosk.toUpperCase() })).toEqual(['door/4.2']);
    expect(await clientsOf({ keyId: '%' })).toEqual([]);
    for (const network of ['203.0.113.0/24', '203.0.113.1', '::ffff:203.0.113.9', '::FFFF:CB00:7101']) {
      expect([network, await clientsOf({ network })]).toEqual([network, ['door/4.2']]);
    }
    for (const network of ['2001:db8::/48', '2001:0DB8:0000::1', '2001:db8:0:ffff::']) {
      expect([network, await clientsOf({ network })]).toEqual([network, ['curl/8']]);
    }
    for (const network of ['203.0.114.1', 'x', '203.0.113', '']) {
      if (network !== '') expect(await clientsOf({ network })).toEqual([]);
    }
    expect(await clientsOf({ client: 'door/' })).toEqual(['door/4.2']);
    expect(await clientsOf({ client: '%' })).toEqual([]);
  });

  it('but nobody else, neither as a field nor by a filter', async () => {
    expect((await viewer.fault(ORIGINS)).extensions.code).toBe('FORBIDDEN');
    for (const filter of [{ keyId: kiosk }, { network: '203.0.113.0' }, { client: 'door' }]) {
      const query = 'query ($filter: AttendanceFilter) { attendances(filter: $filter) { totalCount } }';
      expect((await viewer.fault(query, { filter })).extensions.code).toBe('FORBIDDEN');
    }
    const named = 'query { attendances { nodes { ...p } } } fragment p on Attendance { origin { network } }';
    expect((await viewer.fault(named)).extensions.code).toBe('FORBIDDEN');
    const stream = await fetch(`${service.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${viewer.credential}`,
        ...{ 'x-forwarded-for': '203.0.113.77', 'x-forwarded-proto': 'https' },
      },
      body: JSON.stringify({ query: 'subscription { attendanceRecorded { origin { client } } }' }),
    });
    expect(stream.status).toBe(403);
    await stream.text();
    expect((await viewer.ask<{ attendances: object }>('{ attendances { totalCount } }')).attendances).toEqual(
      {
        totalCount: 2,
      },
    );
  });

  it('also of a manual punch, and of a saved check that somebody accepts', async () => {
    const input = { employeeId: 'EMP-1', type: 'LOGOUT', reason: 'camera', requestId: 'manual' };
    Object.assign(input, { recordedAt: new Date(Date.now() - 60_000).toISOString() });
    await hr.ask(
      'mutation ($input: RecordManualAttendanceInput!) { recordManualAttendance(input: $input) { id } }',
      {
        input,
      },
    );
    const manual = (await origins(admin)).find(
      ({ requester }) => /^key:/.test(requester) && requester !== `key:${kiosk}`,
    );
    expect(manual).toMatchObject({ network: '127.0.0.0/24' });
    const key = await createKey(admin, { role: 'HR' });
    const capturedAt = new Date(Date.now() - 20 * 3_600_000).toISOString();
    const headers = { 'apollographql-client-name': 'tablet' };
    await punch(key.secret, headers, { requestId: 'saved', capturedAt });
    const { reviewItems } = await admin.ask<{ reviewItems: { nodes: { id: string }[] } }>(
      '{ reviewItems { nodes { id } } }',
    );
    const recordedAt = new Date(Date.now() - 19 * 3_600_000).toISOString();
    await admin.ask('mutation ($input: AcceptReviewItemInput!) { acceptReviewItem(input: $input) { id } }', {
      input: { id: reviewItems.nodes[0]?.id, employeeId: 'EMP-1', type: 'LOGIN', recordedAt, reason: 'ok' },
    });
    expect(await origins(admin, { client: 'tablet' })).toEqual([
      { requester: `key:${key.id}`, keyId: key.id, network: '127.0.0.0/24', client: 'tablet' },
    ]);
  });
});

it.each([
  ['192.0.2.255', '192.0.2.0/24'],
  ['192.0.2.255:50123', '192.0.2.0/24'],
  ['[2001:db8::1]:50123', '2001:db8::/48'],
  ['::ffff:192.0.2.255', '192.0.2.0/24'],
  ['::ffff:c000:2ff', '192.0.2.0/24'],
  ['0:0:0:0:0:FFFF:192.0.2.1', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:0DB8:0001::', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'fe80::/48'],
  ['2001:0:1:2::', '2001:0:1::/48'],
  ['::1', '::/48'],
  ['localhost', null],
  ['1.2.3', null],
  ["1.2.3.4'; --", null],
])('%s is truncated to %s', (address, network) => {
  expect(truncatedAddress(address)).toBe(network);
});

it('a program says at most 100 printable characters about itself', () => {
  expect(clientVersionOf({})).toBeNull();
  expect(clientVersionOf({ 'user-agent': '  ' })).toBeNull();
  expect(clientVersionOf({ 'user-agent': 'a\u0000b\u001b[31m\u202eé' })).toBe('a?b?[31m??');
  expect(clientVersionOf({ 'user-agent': 'x'.repeat(1_000_000) })).toBe('x'.repeat(100));
  const both = {
    'apollographql-client-name': 'n'.repeat(90),
    'apollographql-client-version': '1'.repeat(90),
  };
  expect(clientVersionOf(both)).toHaveLength(100);
});
