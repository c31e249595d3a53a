/** Real: the service over HTTP, the database, a database that is made slow by a lock. Fake: nothing. */
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { Client } from 'pg';
import { ADMIN_KEY, Speaker, startClosed } from '../support/access';
import { createStorage, itOnServer } from '../support/databases';
import { faultOf, post, send, type RawAnswer } from '../support/hostile';
import {
  CHECK,
  check,
  collins,
  hopper,
  hopperAgain,
  punchCount,
  register,
  REGISTER,
} from '../support/operations';
import { TestService } from '../support/service';
import { until } from '../support/until';

const withKey = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` };
const ask = (url: string, body: object): Promise<RawAnswer> => post(url, JSON.stringify(body), withKey);

describe('a service in production', () => {
  let service: TestService;
  const env = { NODE_ENV: 'production' };

  beforeAll(async () => {
    ({ service } = await startClosed({ env }));
  });
  afterAll(() => service.stop());

  it('the schema cannot be asked for', async () => {
    for (const query of [
      getIntrospectionQuery(),
      '{ __schema { types { name } } }',
      '{ __type(name: "Employee") { name } }',
    ]) {
      const answer = await ask(service.url, { query });
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('RegisterEmployeeInput');
    }
    expect((await ask(service.url, { query: '{ __typename }' })).status).toBe(200);
  });

  it.each([
    ['a field', '{ employee(employeeId: "x") { nam } }', {}],
    ['an operation', '{ employes { totalCount } }', {}],
    ['an argument', '{ employee(employeeIds: "x") { name } }', {}],
    ['a type', 'query ($a: EmployeFilter) { employees(filter: $a) { totalCount } }', {}],
    [
      'an input field',
      'query ($f: EmployeeFilter) { employees(filter: $f) { totalCount } }',
      { f: { officeIds: 'x' } },
    ],
    ['an enum value', '{ attendances(filter: { type: LOGN }) { totalCount } }', {}],
    [
      'an enum value in a variable',
      'query ($t: AttendanceType) { attendances(filter: { type: $t }) { totalCount } }',
      { t: 'LOGN' },
    ],
  ])('a misspelt name is not answered with the right one: %s', async (_what, query, variables) => {
    const answer = await ask(service.url, { query, variables });
    expect(faultOf(answer).message).not.toMatch(/did you mean/i);
  });

  it('the schema can be asked for if that is configured', async () => {
    const open = await startClosed({ env: { ...env, GRAPHQL_INTROSPECTION: 'true' } });
    try {
      expect((await ask(open.service.url, { query: getIntrospectionQuery() })).status).toBe(200);
      const misspelt = await ask(open.service.url, { query: '{ employee(employeeId: "x") { nam } }' });
      expect(faultOf(misspelt).message).toContain('Did you mean');
    } finally {
      await open.service.stop();
    }
  });
});

describe('a service with a list of operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-manifest-'));
  const listed = '{ offices { id } }';
  const hash = createHash('sha256').update(listed).digest('hex');
  afterAll(() => rmSync(folder, { recursive: true }));

  const manifest = (content: unknown): string => {
    const file = join(folder, `${Math.random()}.json`);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };

  it.each([
    ['an object of documents', { [hash]: listed }],
    [
      "Apollo's manifest",
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: hash, name: 'Offices', type: 'query', body: listed }],
      },
    ],
  ])('no other is taken, whoever sends it: %s', async (_what, content) => {
    const env = { PERSISTED_OPERATIONS: manifest(content) };
    const { service } = await startClosed({ env });
    try {
      const persistedQuery = { version: 1, sha256Hash: hash };
      expect((await ask(service.url, { query: listed })).text).toContain('"offices":[]');
      expect((await ask(service.url, { extensions: { persistedQuery } })).text).toContain('"offices":[]');
      const other = '{ offices { id name } }';
      const sha256Hash = createHash('sha256').update(other).digest('hex');
      for (const body of [
        { query: other },
        { query: `${listed} ` },
        // Automatic persisted queries would have it kept for later.
        { query: other, extensions: { persistedQuery: { version: 1, sha256Hash } } },
        { query: 'this is not parsed {' },
        { query: '{ __typename }' },
      ]) {
        const answer = await ask(service.url, body);
        expect([answer.status, faultOf(answer).extensions.code]).toEqual([403, 'FORBIDDEN']);
      }
      const unknown = await ask(service.url, { extensions: { persistedQuery: { version: 1, sha256Hash } } });
      expect(faultOf(unknown).extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    } finally {
      await service.stop();
    }
  });

  it.each([
    ['no file', null],
    ['no JSON', '{'],
    ['no manifest', [1]],
    ['no documents', { a: 5 }],
  ])('the service does not start with %s', async (_what, content) => {
    const file = content === null ? join(folder, 'missing.json') : manifest(content);
    await expect(startClosed({ env: { PERSISTED_OPERATIONS: file } })).rejects.toThrow(
      /^PERSISTED_OPERATIONS: /,
    );
  });
});

describe('EXPOSE_SIMILARITY', () => {
  const ENROL =
    'mutation ($input: FaceTemplateInput!) { addFaceTemplate(input: $input) { template { id } } }';

  it.each([
    ['always', expect.closeTo(0.99, 1), expect.closeTo(0.89, 1), 0.95],
    ['match', expect.closeTo(0.99, 1), null, 1],
    ['never', null, null, 1],
  ] as const)('%s: what a check and an error say', async (expose, onMatch, onRefusal, threshold) => {
    const env = { EXPOSE_SIMILARITY: expose, PUNCH_MIN_INTERVAL_SECONDS: '0' };
    const service = await TestService.start({ env });
    try {
      await register(service);
      expect(await check(service, collins)).toMatchObject({ similarity: onRefusal as unknown, threshold });
      const claimed = await check(service, { ...collins, employeeId: 'EMP-1' });
      expect(claimed).toMatchObject({ status: 'FACE_MISMATCH', similarity: onRefusal as unknown, threshold });
      const recorded = await check(service, { ...hopperAgain, requestId: 'one' });
      const again = await check(service, { ...hopperAgain, requestId: 'one' });
      for (const { similarity, attendance } of [recorded, again]) {
        expect(similarity).toEqual(onMatch);
        expect(attendance?.similarity).toEqual(onMatch ?? 1);
      }
      // What is kept for those who judge it later is what it was.
      const { attendances } = await service.ask<{ attendances: { nodes: { similarity: number }[] } }>(
        '{ attendances { nodes { similarity } } }',
      );
      expect(attendances.nodes[0]?.similarity).toBeCloseTo(0.99, 1);

      const told = expose === 'always';
      // Two who are alike: that this face is near to both is as good as a score.
      await register(service, { employeeId: 'TWIN', allowDuplicateFace: true });
      const ambiguous = await check(service);
      expect([ambiguous.status, ambiguous.message]).toEqual([
        'FACE_NOT_RECOGNIZED',
        told ? 'Face not recognized: two employees are too similar to decide' : 'Face not recognized',
      ]);
      const enrolled = await service.fault(REGISTER, {
        input: { name: 'X', employeeId: 'X', ...hopperAgain },
      });
      expect(enrolled.extensions.code).toBe('FACE_ALREADY_ENROLLED');
      expect('similarity' in enrolled.extensions).toBe(told);
      const unlike = await service.fault(ENROL, { input: { employeeId: 'EMP-1', ...collins } });
      expect(unlike.extensions.code).toBe('BAD_USER_INPUT');
      expect(/\d\.\d/.test(unlike.message)).toBe(told);
      expect('similarity' in unlike.extensions || 'threshold' in unlike.extensions).toBe(told);
    } finally {
      await service.stop();
    }
  });
});

itOnServer(
  'an operation that takes too long is answered UNAVAILABLE, and its requestId makes the retry safe',
  async () => {
    const storage = await createStorage();
    // So long that nothing but the lock makes an operation late, on a busy machine either.
    const env = { OPERATION_TIMEOUT_MS: '5000' };
    const { service, admin } = await startClosed({ storage, env });
    const database = new Client({ connectionString: storage.databaseUrl as string });
    await database.connect();
    try {
      await register(admin);
      await database.query('BEGIN; LOCK TABLE attendances IN ACCESS EXCLUSIVE MODE');
      const input = { ...hopper, employeeId: 'EMP-1', requestId: 'slow' };
      const started = performance.now();
      const answer = await ask(service.url, { query: CHECK, variables: { input } });
      // Far less than the minute after which the database would give up.
      expect(performance.now() - started).toBeLessThan(30_000);
      expect(answer.status).toBe(503);
      const { message, extensions } = faultOf(answer);
      expect(extensions).toEqual({
        code: 'UNAVAILABLE',
        correlationId: answer.headers['x-correlation-id'],
        requestId: answer.headers['x-request-id'],
      });
      expect(message).toContain('Repeat a check with the same requestId');
      await database.query('COMMIT');
      const speaker = new Speaker(service, ADMIN_KEY);
      await until(
        () => punchCount(speaker),
        (count) => count > 0,
      );
      expect((await check(speaker, input)).status).toBe('ALREADY_RECORDED');
      expect(await punchCount(speaker)).toBe(1);
    } finally {
      await database.end();
      await service.stop();
      await storage.remove();
    }
  },
);

it('a form of another site gets nowhere', async () => {
  const { service } = await startClosed();
  try {
    const query = 'mutation { createOffice(input: { name: "Forged" }) { id } }';
    const authorization = `Bearer ${ADMIN_KEY}`;
    const boundary = 'x';
    const multipart = [
      ['operations', JSON.stringify({ query })],
      ['map', '{}'],
    ]
      .map(
        ([name, value]) =>
          `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('');
    const forms: [type: string, body: string][] = [
      ['text/plain', JSON.stringify({ query })],
      ['application/x-www-form-urlencoded', `query=${encodeURIComponent(query)}`],
      [`multipart/form-data; boundary=${boundary}`, `${multipart}--${boundary}--\r\n`],
      ['', JSON.stringify({ query })],
    ];
    for (const [type, body] of forms) {
      const answer = await post(service.url, body, { 'content-type': type, authorization });
      expect([type, answer.status]).toEqual([type, expect.any(Number)]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
    const get = await send(service.url, `/graphql?query=${encodeURIComponent(query)}`, {
      headers: { authorization },
    });
    expect(get.status).toBe(400);
    const offices = await ask(service.url, { query: '{ offices { id } }' });
    expect(JSON.parse(offices.text)).toEqual({ data: { offices: [] } });
  } finally {
    await service.stop();
  }
});
