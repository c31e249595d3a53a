/** Real: the service over HTTP, sockets that are written by hand, the database. Fake: nothing. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { expectDiscreet, faultOf, footprint, post, send, type RawAnswer } from '../support/hostile';
import { hopper, register, REGISTER } from '../support/operations';
import { TestService } from '../support/service';

let service: TestService;
let before: Awaited<ReturnType<typeof footprint>>;

beforeAll(async () => {
  service = await TestService.start();
  await register(service);
  before = await footprint(service);
});
afterEach(async () => {
  expect(await footprint(service)).toEqual(before);
});
afterAll(() => service.stop());

const json = { 'content-type': 'application/json' };
const registration = { input: { name: 'X', employeeId: 'X', ...hopper } };

function expectRefused(answer: RawAnswer, status: number, code: string, says: RegExp, sent?: unknown): void {
  expectDiscreet(answer.text, sent);
  const { message, extensions } = faultOf(answer);
  expect({ status: answer.status, code: extensions.code, message }).toEqual({
    status,
    code,
    message: expect.stringMatching(says) as unknown,
  });
  expect(extensions['requestId']).toBe(answer.headers['x-request-id']);
}

describe('a body that is no GraphQL request', () => {
  const object = /must be a JSON object|JSON object has no keys|POST body missing/;

  it.each<[string, string, number, string, RegExp]>([
    ['empty', '', 400, 'BAD_USER_INPUT', object],
    ['broken JSON', '{"query": "{ employees { totalC', 400, 'BAD_USER_INPUT', object],
    ['broken JSON with a photo', `{"query": "${hopper.imageBase64}`, 400, 'BAD_USER_INPUT', object],
    ['a list', '[{"query":"{ __typename }"}]', 400, 'BAD_REQUEST', /batching disabled/],
    ['an empty list', '[]', 400, 'BAD_REQUEST', /batching disabled/],
    ['a number', '5', 400, 'BAD_REQUEST', object],
    ['a text', '"{ employees { totalCount } }"', 400, 'BAD_REQUEST', object],
    ['null', 'null', 400, 'BAD_REQUEST', object],
    ['an empty object', '{}', 400, 'BAD_REQUEST', object],
    ['without a query', '{"variables":{}}', 400, 'BAD_REQUEST', /must contain a non-empty `query`/],
    ['with a query that is no text', '{"query":{"a":1}}', 400, 'BAD_REQUEST', /must be strings/],
    ['with variables that are no object', '{"query":"{a}","variables":"x"}', 400, 'BAD_REQUEST', /variables/],
    ['with variables in a text', '{"query":"{a}","variables":"{}"}', 400, 'BAD_REQUEST', /variables/],
    ['with a list of variables', '{"query":"{a}","variables":[1]}', 400, 'BAD_REQUEST', /variables/],
    [
      'with an operationName that is none',
      '{"query":"{a}","operationName":5}',
      400,
      'BAD_REQUEST',
      /operationName/,
    ],
    ['with a key __proto__', '{"__proto__":{"query":"{a}"}}', 400, 'BAD_USER_INPUT', object],
    [
      'with variables that change a prototype',
      '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"x":1}}}}',
      400,
      'BAD_USER_INPUT',
      object,
    ],
  ])('is refused: %s', async (_what, body, status, code, says) => {
    expectRefused(await post(service.url, body), status, code, says, hopper);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('is refused without a content type and without a body', async () => {
    const answer = await send(service.url, '/graphql', { method: 'POST' });
    expectRefused(answer, 400, 'BAD_REQUEST', /CSRF|JSON object|content-type/i);
  });

  it.each(['text/html', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense', 'a'.repeat(200)])(
    'is refused with the content type %p',
    async (type) => {
      const answer = await post(service.url, JSON.stringify({ query: '{ __typename }' }), {
        'content-type': type,
        'apollo-require-preflight': '1',
      });
      expectRefused(answer, 415, 'BAD_USER_INPUT', /must be application\/json or multipart\/form-data/);
    },
  );

  it('is refused as text/plain, which a page of another site could send', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const answer = await post(service.url, body, { 'content-type': 'text/plain' });
    expectRefused(answer, 400, 'BAD_REQUEST', /Cross-Site Request Forgery.*apollo-require-preflight/);
  });

  it('is refused at 50 MB, whether its length is announced or not', async () => {
    const large = Buffer.alloc(50_000_000, 'a');
    expectRefused(await post(service.url, large, json), 413, 'BAD_USER_INPUT', /too large/);
    const chunked = { ...json, 'transfer-encoding': 'chunked' };
    expectRefused(
      await send(service.url, '/graphql', { method: 'POST', headers: chunked, body: large }),
      413,
      'BAD_USER_INPUT',
      /too large/,
    );
  });

  it('answers fetch with 413 too, which sends all of it before it listens', async () => {
    const answer = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: json,
      body: Buffer.alloc(50_000_000, 'a'),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml'])(
    'is answered although the client is still sending it (%s)',
    async (type) => {
      const large = Buffer.alloc(150_000_000, 'a');
      // By chance it went well now and then.
      for (let i = 0; i < 4; i++) {
        const answer = await post(service.url, large, { 'content-type': type });
        expect([413, 415]).toContain(answer.status);
        expect(faultOf(answer).extensions.code).toBe('BAD_USER_INPUT');
      }
    },
  );

  it('is dropped where it breaks off', async () => {
    const out = request(`${service.url}/graphql`, {
      method: 'POST',
      // It is told to go on once the service has seen its headers.
      headers: { ...json, 'content-length': 100_000, expect: '100-continue' },
    });
    out.on('error', () => undefined);
    const begun = once(out, 'continue');
    out.flushHeaders();
    await begun;
    const half = JSON.stringify({ query: REGISTER, variables: registration }).slice(0, 50_000);
    await new Promise((resolve) => out.write(half, resolve));
    const closed = new Promise((resolve) => out.once('close', resolve));
    out.destroy();
    await closed;
  });
});

describe('bytes that are no HTTP', () => {
  const talk = async (text: string): Promise<string> => {
    const { port } = new URL(service.url);
    const socket = connect(Number(port), 'localhost');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.end(text);
    await once(socket, 'close');
    return answer;
  };

  it.each([
    ['a request line that is none', 'HELLO\r\n\r\n'],
    ['a length that is none', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n'],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    ],
    ['a header of 100 KB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ])('are answered in JSON: %s', async (_what, text) => {
    const answer = await talk(text);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.each(['a b', '[', 'localhost:99999999', '%00', '\u00ff'])('such as the Host %j', async (host) => {
    const answer = await talk(
      `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nApollo-Require-Preflight: 1\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain('INTERNAL');
  });
});
