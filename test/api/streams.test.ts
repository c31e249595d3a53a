/** Real: the service over HTTP, the database, graphql-sse's own client. Fake: the clock. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-sse';
import { ADMIN_KEY, as, createKey, createOffice, type Speaker, startClosed } from '../support/access';
import type { Clock } from '../support/clock';
import { check, register } from '../support/operations';
import type { TestService } from '../support/service';
import { EventStream, WATCH, type OpenOptions, type WatchedPunch } from '../support/streams';
import { pair } from '../support/kiosks';
import { until } from '../support/until';

const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }';

describe('attendanceRecorded', () => {
  let service: TestService;
  let admin: Speaker;
  let clock: Clock;
  let lima: string;
  let quito: string;
  const open: EventStream[] = [];

  beforeAll(async () => {
    ({ service, admin, clock } = await startClosed());
    [lima, quito] = [
      await createOffice(admin, { name: 'Lima' }),
      await createOffice(admin, { name: 'Quito' }),
    ];
    await register(admin, { officeId: lima });
  });
  afterEach(() => {
    for (const stream of open.splice(0)) stream.close();
  });
  afterAll(() => service.stop());

  const watch = async (options: OpenOptions = {}): Promise<EventStream> => {
    const stream = await EventStream.open(service.url, options);
    open.push(stream);
    if (stream.response.status !== 200) throw new Error(await stream.response.text());
    return stream.until(({ comments }) => comments > 0);
  };
  const keyOf = async (input: Parameters<typeof createKey>[1]): Promise<string> =>
    (await createKey(admin, input)).secret;
  /** Punches, and waits until a stream that sees everything has it. */
  const punch = async (input = {}): Promise<string> => {
    const everything = await watch();
    const { attendance } = await check(admin, input);
    await everything.until(({ punches }) => punches.some(({ id }) => id === attendance?.id));
    return attendance?.id as string;
  };

  it('publishes each punch once it is recorded, in order, with all that a query has', async () => {
    const stream = await watch();
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
    const ids: unknown[] = [];
    for (let n = 0; n < 3; n++) ids.push((await check(admin)).attendance?.id);
    await stream.until(({ punches }) => punches.length === 3);
    expect(stream.punches.map(({ id }) => id)).toEqual(ids);
    const { attendances } = await admin.ask<{ attendances: { nodes: WatchedPunch[] } }>(
      `{ attendances(first: 1) { nodes {
        id type recordedAt offline receivedAt imageUrl employee { employeeId name } office { id }
      } } }`,
    );
    expect(stream.punches[2]).toEqual(attendances.nodes[0]);
    expect(stream.events.every(({ event }) => event === 'next')).toBe(true);
  });

  it('publishes nothing that was not recorded', async () => {
    const stream = await watch();
    await check(admin, { requestId: `once` });
    await check(admin, { requestId: `once` });
    await admin.send(WATCH);
    const last = await punch();
    await stream.until(({ punches }) => punches.at(-1)?.id === last);
    expect(stream.punches).toHaveLength(2);
  });

  it('limits itself to an office, and knows which there are', async () => {
    const [here, elsewhere] = [
      await watch({ variables: { officeId: lima.toUpperCase() } }),
      await watch({ variables: { officeId: quito } }),
    ];
    const id = await punch();
    await here.until(({ punches }) => punches.length === 1);
    expect(here.punches[0]?.id).toBe(id);
    expect(elsewhere.punches).toEqual([]);
    const nowhere = await watch({ variables: { officeId: 'x' } });
    await nowhere.until(({ ended }) => ended);
    expect(nowhere.events).toEqual([
      {
        event: 'next',
        data: {
          errors: [
            expect.objectContaining({
              extensions: {
                code: 'NOT_FOUND',
                field: 'officeId',
                correlationId: nowhere.response.headers.get('x-correlation-id'),
                requestId: nowhere.response.headers.get('x-request-id'),
              },
            }),
          ],
        },
      },
      { event: 'complete', data: null },
    ]);
  });

  it('shows a kiosk its own office only, and no photo', async () => {
    const credential = await pair(admin, service, lima);
    const foreign = await pair(admin, service, quito);
    const [own, named, other, reader] = [
      await watch({ credential }),
      await watch({ credential, variables: { officeId: lima } }),
      await watch({ credential: foreign }),
      await watch({ credential: await keyOf({ role: 'VIEWER' }) }),
    ];
    const id = await punch();
    for (const stream of [own, named, reader]) await stream.until(({ punches }) => punches.length === 1);
    expect(own.punches[0]).toMatchObject({ id, imageUrl: null, employee: { employeeId: 'EMP-1' } });
    expect(reader.punches[0]?.imageUrl).toMatch(/\/media\//);
    expect(other.punches).toEqual([]);
    expect(
      await EventStream.fault(service.url, { credential, variables: { officeId: quito } }),
    ).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      field: 'officeId',
    });
    const more = 'subscription { attendanceRecorded { employee { faceTemplates { id } } } }';
    expect(await EventStream.fault(service.url, { credential, query: more })).toMatchObject({
      status: 403,
      message: 'Role KIOSK may not use Employee.faceTemplates',
    });
  });

  it.each([
    ['nobody', null, 'UNAUTHENTICATED', 'API key required; send it as Authorization: Bearer <key>'],
    ['a wrong key', `rck_${'A'.repeat(43)}`, 'UNAUTHENTICATED', 'API key not valid'],
  ])('is closed to %s', async (_who, credential, code, message) => {
    expect(await EventStream.fault(service.url, { credential })).toMatchObject({
      status: 401,
      code,
      message,
    });
  });

  it.each([
    ['a document that is none', 'subscription {', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['too many tokens', `subscription { ${'a '.repeat(6000)} }`, 'GRAPHQL_PARSE_FAILED', /token/],
    ['a field that there is not', 'subscription { x }', 'GRAPHQL_VALIDATION_FAILED', /Cannot query field/],
    [
      'too deep a selection',
      `subscription { attendanceRecorded { ${'office { '.repeat(13)} id ${'} '.repeat(13)} } }`,
      'GRAPHQL_VALIDATION_FAILED',
      /depth/i,
    ],
    [
      'too many aliases',
      `subscription { attendanceRecorded { ${Array.from({ length: 31 }, (_, n) => `a${n}: id`).join(' ')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
      /alias/i,
    ],
    [
      'more than one field',
      'subscription { a: attendanceRecorded { id } b: attendanceRecorded { id } }',
      'GRAPHQL_VALIDATION_FAILED',
      /only one top level field/,
    ],
    [
      'fragments that multiply',
      `subscription { attendanceRecorded { ...f0 } }
       ${[0, 1, 2].map((n) => `fragment f${n} on Attendance { ${`...f${n + 1} `.repeat(30)} }`).join('\n')}
       fragment f3 on Attendance { id }`,
      'BAD_USER_INPUT',
      /Operation too large/,
    ],
    ['a query', '{ offices { id } }', 'BAD_USER_INPUT', /Only subscriptions can be streamed/],
    [
      'a mutation',
      'mutation { createOffice(input: { name: "No" }) { id } }',
      'BAD_USER_INPUT',
      /Only subscriptions can be streamed/,
    ],
  ])('refuses %s', async (_what, query, code, says) => {
    const fault = await EventStream.fault(service.url, { query });
    expect(fault).toMatchObject({
      status: 400,
      code,
      message: expect.stringMatching(says) as unknown,
      requestId: expect.any(String) as unknown,
    });
  });

  it('refuses variables and bodies that do not fit, and what is no JSON', async () => {
    expect(await EventStream.fault(service.url, { variables: { officeId: { a: 1 } } })).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      field: 'officeId',
    });
    const post = (body: string, headers: object) =>
      fetch(`${service.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as(ADMIN_KEY), ...headers },
        body,
      });
    const query = JSON.stringify({ query: WATCH });
    const statuses = await Promise.all([
      post('[]', {}),
      post('{"query":1}', {}),
      post('{}', {}),
      post(query, { 'content-type': 'text/plain' }),
      post(query, { accept: 'application/json' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 400, 415, 406]);
  });

  it('is not run by /graphql, which would answer it once', async () => {
    const fault = await admin.fault(WATCH);
    expect(fault).toMatchObject({
      message: 'Subscriptions require a stream; POST them to /graphql/stream',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('ends within seconds of the revocation of its key, with an event or without', async () => {
    for (const busy of [true, false]) {
      const key = await createKey(admin, { role: 'VIEWER' });
      const stream = await watch({ credential: key.secret });
      await admin.ask(REVOKE, { id: key.id });
      const revoked = Date.now();
      if (busy) await punch();
      await stream.until(({ ended }) => ended);
      // Looked at every five seconds; the rest is for a busy machine, and a stream that goes on would hang.
      expect(Date.now() - revoked).toBeLessThan(30_000);
      expect(stream.events.map(({ event }) => event)).toEqual(['next', 'complete']);
      expect(stream.events[0]?.data?.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
      expect(stream.punches).toEqual([]);
    }
  });

  it('ends when its key expires', async () => {
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const stream = await watch({ credential: await keyOf({ role: 'VIEWER', expiresAt }) });
    clock.advance(60_000);
    await stream.until(({ ended }) => ended);
    expect(stream.events[0]?.data?.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('loads each event again, so that a change shows', async () => {
    const stream = await watch();
    await punch();
    await admin.ask('mutation ($input: UpdateEmployeeInput!) { updateEmployee(input: $input) { id } }', {
      input: { employeeId: 'EMP-1', name: 'Rear Admiral Hopper' },
    });
    await punch();
    await stream.until(({ punches }) => punches.length === 2);
    expect(stream.punches.map(({ employee }) => employee.name)).toEqual([
      'Grace Hopper',
      'Rear Admiral Hopper',
    ]);
  });

  it("is understood by graphql-sse's own client", async () => {
    let isOpen: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (isOpen = resolve));
    const client = createClient({
      url: `${service.url}/graphql/stream`,
      headers: as(ADMIN_KEY),
      on: { connected: () => isOpen() },
    });
    const events = client.iterate<{ attendanceRecorded: { id: string } }>({ query: WATCH });
    const first = events.next();
    await opened;
    const id = await punch();
    expect(await first).toMatchObject({ value: { data: { attendanceRecorded: { id } } } });
    await events.return?.();
    client.dispose();
  });
});

describe('streams', () => {
  it('are bounded for each key and in all, and a place is free once one ends', async () => {
    const { service, admin } = await startClosed({
      env: { STREAM_LIMIT_PER_KEY: '2', STREAM_LIMIT: '3' },
    });
    try {
      const { secret: credential } = await createKey(admin, { role: 'VIEWER' });
      const streams = [
        await EventStream.open(service.url),
        await EventStream.open(service.url),
        await EventStream.open(service.url, { credential }),
      ];
      expect(streams.map(({ response }) => response.status)).toEqual([200, 200, 200]);
      expect(await EventStream.fault(service.url)).toMatchObject({
        status: 429,
        code: 'TOO_MANY_REQUESTS',
        message: 'This key already has 2 open streams; close one first',
      });
      expect(await EventStream.fault(service.url, { credential })).toMatchObject({
        status: 429,
        message: 'Too many streams are open; try again later',
      });
      // What is refused takes no place.
      for (let n = 0; n < 5; n++)
        await EventStream.fault(service.url, { credential, query: '{' }).catch(() => 0);
      streams[0]?.close();
      await until(async () => {
        const again = await EventStream.open(service.url, { credential });
        streams.push(again);
        return again.response.status === 200;
      });
      for (const stream of streams) stream.close();
    } finally {
      await service.stop();
    }
  });

  it('are on the list if only listed operations are taken, and tell no more of the schema than queries', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-list-'));
    const file = join(folder, 'operations.json');
    const misspelt = 'subscription { attendanceRecordet { id } }';
    writeFileSync(file, JSON.stringify({ watch: WATCH, misspelt }));
    const env = { PERSISTED_OPERATIONS: file, GRAPHQL_INTROSPECTION: 'false' };
    const { service } = await startClosed({ env });
    try {
      const stream = await EventStream.open(service.url);
      expect(stream.response.status).toBe(200);
      stream.close();
      const query = 'subscription { attendanceRecorded { id } }';
      expect(await EventStream.fault(service.url, { query })).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
      });
      const byId = await fetch(`${service.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...as(ADMIN_KEY) },
        body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'watch' } } }),
      });
      expect(byId.status).toBe(200);
      await byId.body?.cancel();
      expect(await EventStream.fault(service.url, { query: misspelt })).toMatchObject({
        message: 'Cannot query field "attendanceRecordet" on type "Subscription".',
      });
    } finally {
      await service.stop();
      rmSync(folder, { recursive: true });
    }
  });

  it('count as requests', async () => {
    const { service } = await startClosed({ env: { RATE_LIMIT_PER_KEY: '2' } });
    try {
      const streams = [await EventStream.open(service.url), await EventStream.open(service.url)];
      expect(await EventStream.fault(service.url)).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
      for (const stream of streams) stream.close();
    } finally {
      await service.stop();
    }
  });

  it('do not keep the service from stopping, and end so that clients come again', async () => {
    const { service } = await startClosed();
    const streams = [await EventStream.open(service.url), await EventStream.open(service.url)];
    const began = Date.now();
    await service.stop();
    // A stream that kept it from stopping would last for ever.
    expect(Date.now() - began).toBeLessThan(20_000);
    for (const stream of streams) {
      await stream.until(({ ended }) => ended);
      expect(stream.events).toEqual([]);
    }
  });
});
