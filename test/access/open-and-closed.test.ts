/** Real: the service over HTTP, the schema it introspects, the database. Fake: nothing. */
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { connect } from 'node:net';
import { once } from 'node:events';
import { faultOf, post, send, type RawAnswer } from '../support/hostile';
import { minimalOperations } from '../support/minimal-operations';
import { hopper, REGISTER } from '../support/operations';
import { TestService } from '../support/service';

const KEY = 'key-of-the-tests-0123456789';
const json = { 'content-type': 'application/json' };
const withKey = { ...json, authorization: `Bearer ${KEY}` };

describe('a service with ADMIN_API_KEY', () => {
  let service: TestService;
  let operations: [name: string, document: string][];
  let photo: string;

  const ask = (query: string, headers: Record<string, string>): Promise<RawAnswer> =>
    post(service.url, JSON.stringify({ query }), headers);

  beforeAll(async () => {
    service = await TestService.start({ env: { ADMIN_API_KEY: KEY } });
    const introspection = (await service.ask(getIntrospectionQuery())) as unknown as IntrospectionQuery;
    operations = minimalOperations(buildClientSchema(introspection)).map(({ name, document }) => [
      name,
      document,
    ]);
    const input = { name: 'Grace', employeeId: 'EMP-1', ...hopper };
    const answer = await service.send<{ registerEmployee: { employee: { faceImageUrl: string } } }>(
      REGISTER,
      { input },
      { authorization: `Bearer ${KEY}` },
    );
    photo = new URL(answer.data?.registerEmployee.employee.faceImageUrl ?? '').pathname;
  });
  afterAll(() => service.stop());

  it('every operation is closed without a key', async () => {
    expect(operations.length).toBeGreaterThanOrEqual(10);
    for (const [name, document] of operations) {
      const fault = faultOf(await ask(document, json));
      // How a key is had; test/kiosk/pairing.test.ts.
      if (name === 'redeemKioskPairing') continue;
      expect([name, fault.extensions.code]).toEqual([name, 'UNAUTHENTICATED']);
      expect(fault.message).toBe('API key required; send it as Authorization: Bearer <key>');
    }
  });

  it('every operation is open with the key', async () => {
    for (const [name, document] of operations) {
      const { errors } = JSON.parse((await ask(document, withKey)).text) as {
        errors?: { extensions: { code: string } }[];
      };
      // The arguments are the least that the schema takes, so some are answered with what is wrong with them.
      const code = errors?.[0]?.extensions.code ?? 'none';
      expect([name, code]).toEqual([
        name,
        expect.stringMatching(/^(none|NOT_FOUND|BAD_USER_INPUT)$/) as unknown,
      ]);
    }
  });

  it('the gate comes before arguments are looked at, and behind an alias or a fragment too', async () => {
    const queries = [
      '{ employees(first: 9999) { totalCount } }',
      '{ a: employee(employeeId: "EMP-1") { name } }',
      '{ ...F } fragment F on Query { employees { nodes { name } } }',
      '{ ... on Query { attendances { totalCount } } }',
    ];
    for (const query of queries)
      expect(faultOf(await ask(query, json)).extensions.code).toBe('UNAUTHENTICATED');
    const get = await send(service.url, `/graphql?query=${encodeURIComponent('{ offices { id } }')}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(faultOf(get).extensions.code).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['another key', 'Bearer wrong'],
    ['the beginning of the key', `Bearer ${KEY.slice(0, -1)}`],
    ['the key and more', `Bearer ${KEY}x`],
    ['the key in another case', `Bearer ${KEY.toUpperCase()}`],
    ['two keys', `Bearer ${KEY} ${KEY}`],
    ['no scheme', KEY],
    ['another scheme', `Basic ${Buffer.from(`admin:${KEY}`).toString('base64')}`],
    ['an empty key', 'Bearer '],
    ['nothing', ''],
  ])('%s is answered with 401 everywhere, in JSON', async (_what, authorization) => {
    const headers = { ...json, authorization };
    const answers = await Promise.all([
      ask('{ __typename }', headers),
      ask('{ offices { id } }', headers),
      send(service.url, photo, { headers: { authorization } }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(faultOf(answer)).toMatchObject({
        message: 'API key not valid',
        extensions: { code: 'UNAUTHENTICATED', requestId: answer.headers['x-request-id'] },
      });
      expect(answer.text).not.toContain(KEY.slice(0, 10));
    }
  });

  it('photos are closed too', async () => {
    const anonymous = await send(service.url, photo);
    expect(anonymous.status).toBe(403);
    expect(faultOf(anonymous).extensions.code).toBe('FORBIDDEN');
    const named = await send(service.url, photo, { headers: { authorization: `bearer ${KEY}` } });
    expect([named.status, named.headers['content-type']]).toEqual([200, 'image/jpeg']);
  });

  it('introspection, health and the pages are open', async () => {
    expect((await ask(getIntrospectionQuery(), json)).status).toBe(200);
    for (const path of ['/healthz', '/readyz']) expect((await send(service.url, path)).status).toBe(200);
    const page = await send(service.url, '/graphql', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Bearer \\u003cyour API key');
  });

  it('turns a large body without a key away before it is read', async () => {
    const socket = connect(Number(new URL(service.url).port), 'localhost');
    let text = '';
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => (text += chunk.toString()));
    // Not a byte of the body is sent: the answer cannot have waited for it.
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n',
    );
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toMatch(/connection: close/i);
    expect(text).toContain('"UNAUTHENTICATED"');
  });

  it('turns a body of unknown length without a key away', async () => {
    const headers = { ...json, 'transfer-encoding': 'chunked' };
    const body = JSON.stringify({ query: '{ __typename }' });
    const answer = await send(service.url, '/graphql', { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
    const large = await post(
      service.url,
      JSON.stringify({ query: `#${'x'.repeat(9_000_000)}\n{ __typename }` }),
    );
    expect([large.status, faultOf(large).extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('does not mind under which name it is reached', async () => {
    const answer = await ask('{ offices { id } }', { ...withKey, host: 'rollcall.example.com' });
    expect(answer.status).toBe(200);
  });
});
