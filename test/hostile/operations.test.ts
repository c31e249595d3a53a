/** Real: the service over HTTP, the database. Fake: nothing. */
import { expectDiscreet, faultOf, footprint, post, send, type RawAnswer } from '../support/hostile';
import { CHECK, register } from '../support/operations';
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
        expect(answer.status).toBeLessThan(500);
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
    const says = /complexity \d+ exceeds the limit of 20000/;
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
    // Milliseconds; the rest is for a busy machine. Written out, it would be thirteen million fields.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('repeats one field until comparing the copies would take for ever, and is turned away at once', async () => {
    const start = performance.now();
    await ask(`{ offices { ${'id '.repeat(4900)} } }`);
    // Under a second, since only so many tokens are taken; the rest is for a busy machine.
    expect(performance.now() - start).toBeLessThan(20_000);
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
    expectRefused(answer, 404, 'NOT_FOUND', /Address not found/);
  });
});
