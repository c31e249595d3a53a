/** Real: the service over HTTP, sockets that are written by hand, the embedded database. Fake: nothing. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { expectDiscreet, faultOf, footprint, post, send, type RawAnswer } from './support/hostile';
import { CHECK, hopper, register, REGISTER } from './support/operations';
import { TestService } from './support/service';

let service: TestService;
let before: Awaited<ReturnType<typeof footprint>>;

beforeAll(async () => {
  service = await TestService.start('pglite');
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

  it('is dropped where it breaks off', async () => {
    const out = request(`${service.url}/graphql`, {
      method: 'POST',
      headers: { ...json, 'content-length': 100_000 },
    });
    out.on('error', () => undefined);
    out.write(JSON.stringify({ query: REGISTER, variables: registration }).slice(0, 50_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = new Promise((resolve) => out.once('close', resolve));
    out.destroy();
    await closed;
  });
});

describe('an operation that is refused', () => {
  const ask = (query: string, more: object = {}) => post(service.url, JSON.stringify({ query, ...more }));
  const nested = (open: string, close: string, times: number): string =>
    open.repeat(times) + close.repeat(times);

  it('names a field that there is not', async () => {
    const answer = await ask('{ employees { nodes { password } } }');
    expectRefused(
      answer,
      400,
      'GRAPHQL_VALIDATION_FAILED',
      /Cannot query field "password" on type "Employee"/,
    );
  });

  it('is one of two without saying which', async () => {
    const two = 'query A { __typename } query B { __typename }';
    expectRefused(await ask(two), 400, 'OPERATION_RESOLUTION_FAILURE', /operation name/);
    expectRefused(
      await ask(two, { operationName: 'C' }),
      400,
      'OPERATION_RESOLUTION_FAILURE',
      /Unknown operation/,
    );
    expect((await ask(two, { operationName: 'B' })).status).toBe(200);
  });

  it('mixes an operation without a name with others', async () => {
    expectRefused(await ask('{ __typename } { __typename }'), 400, 'GRAPHQL_VALIDATION_FAILED', /anonymous/);
  });

  it('goes too deep', async () => {
    const offices = (depth: number): string =>
      `{ offices ${'{ ... on Office '.repeat(depth)}{ id }${' }'.repeat(depth)} }`;
    expectRefused(await ask(offices(13)), 400, 'GRAPHQL_VALIDATION_FAILED', /depth limit of 12 exceeded/);
    expect((await ask(offices(9))).status).toBe(200);
  });

  it.each([
    ['selections', nested('{a', '}', 2400)],
    ['lists', `{ employees(first: ${nested('[', ']', 2400)}) { totalCount } }`],
    ['objects', `{ employees(filter: ${nested('{a:', '}', 1600).replace('}', '1}')}) { totalCount } }`],
    ['inline fragments', `{ ${nested('... {', '}', 1600).replace('}', '__typename }')} }`],
    ['list types', `query ($a: ${nested('[', ']', 2400).replace(']', 'Int]')}) { __typename }`],
  ])('nests %s as deep as a document can be', async (_what, query) => {
    const answer = await ask(query);
    expectDiscreet(answer.text, '');
    expect(answer.status).toBe(400);
    expect(faultOf(answer).extensions.code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$|BAD_USER_INPUT/);
  });

  it('nests JSON deeper than any document', async () => {
    for (const value of [nested('[', ']', 200_000), nested('{"a":', '}', 200_000).replace('}', '1}')]) {
      for (const variables of [`{"input":${value}}`, `{"input":{"faceDescriptor":${value}}}`]) {
        const answer = await post(service.url, `{"query":${JSON.stringify(CHECK)},"variables":${variables}}`);
        expectDiscreet(answer.text, '');
        expect(answer.status).toBe(400);
        expect(faultOf(answer).extensions.code).toBe('BAD_USER_INPUT');
      }
    }
  });

  it('has more tokens than fit', async () => {
    const answer = await ask(`{ ${'__typename '.repeat(5001)} }`);
    expectRefused(answer, 400, 'GRAPHQL_PARSE_FAILED', /5000 tokens/);
  });

  it('has more aliases than fit', async () => {
    const query = `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: offices { id }`).join(' ')} }`;
    expectRefused(await ask(query), 400, 'GRAPHQL_VALIDATION_FAILED', /Aliases limit of 30 exceeded: 31/);
  });

  it('asks for more rows than fit, with the number in the document or in a variable', async () => {
    const page = 'attendances(first: 200) { nodes { id employee { id office { id name } } office { id } } }';
    const twelve = Array.from({ length: 15 }, (_, i) => `p${i}: ${page}`).join(' ');
    const says = /its complexity is \d+, the limit 20000/;
    expectRefused(await ask(`{ ${twelve} }`), 400, 'BAD_USER_INPUT', says);
    const query = `query ($n: Int!) { ${twelve.replaceAll('200', '$n')} }`;
    expectRefused(await ask(query, { variables: { n: 200 } }), 400, 'BAD_USER_INPUT', says);
    expect((await ask(query, { variables: { n: 1 } })).status).toBe(200);
  });

  it('has fragments that use themselves', async () => {
    const query = '{ offices { ...A } } fragment A on Office { ...B } fragment B on Office { ...A }';
    expectRefused(await ask(query), 400, 'GRAPHQL_VALIDATION_FAILED', /Cannot spread fragment|depth/);
  });

  it('has fragments that multiply with every one, and is turned away at once', async () => {
    const multiplying = Array.from(
      { length: 4 },
      (_, i) => `fragment F${i} on Office { ${`...F${i + 1} `.repeat(60)} }`,
    );
    const query = `{ offices { ...F0 } } ${multiplying.join(' ')} fragment F4 on Office { id name }`;
    const start = performance.now();
    expectRefused(await ask(query), 400, 'BAD_USER_INPUT', /more than 10000 fields/);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('repeats one field until comparing the copies would take for ever, and is turned away at once', async () => {
    const start = performance.now();
    await ask(`{ offices { ${'id '.repeat(4900)} } }`);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('is a mutation by GET', async () => {
    const query = encodeURIComponent('mutation { deleteOffice(id: "x") }');
    const headers = { 'apollo-require-preflight': '1' };
    const answer = await send(service.url, `/graphql?query=${query}`, { headers });
    expectRefused(answer, 405, 'BAD_REQUEST', /GET requests only support query operations/);
    expect(answer.headers.allow).toBe('POST');
    expectRefused(await send(service.url, `/graphql?query=${query}`), 400, 'BAD_REQUEST', /CSRF/);
  });

  it('has variables in the address that are no JSON', async () => {
    const headers = { 'apollo-require-preflight': '1' };
    const answer = await send(service.url, '/graphql?query={__typename}&variables={', { headers });
    expectRefused(answer, 400, 'BAD_REQUEST', /variables/);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('comes by %s', async (method) => {
    const answer = await send(service.url, '/graphql', { method });
    expectRefused(answer, 404, 'NOT_FOUND', /nothing at this address/);
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
