/**
 * Real: src/main.ts as a process of its own, with sockets that are written by hand; the database.
 * Fake: nothing.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ADMIN_KEY, Speaker } from '../support/access';
import { ApiClient } from '../support/api-client';
import { ChildService } from '../support/child-service';
import { createStorage, type TestStorage } from '../support/databases';
import { faultOf, post, send } from '../support/hostile';
import { check, register } from '../support/operations';
import { until } from '../support/until';
let storage: TestStorage;
let child: ChildService;
let url: string;
let admin: Speaker;

beforeAll(async () => {
  storage = await createStorage();
  child = ChildService.spawn({
    storage,
    env: { ADMIN_API_KEY: ADMIN_KEY, PUNCH_MIN_INTERVAL_SECONDS: '0', LOG_LEVEL: 'info' },
  });
  ({ url } = await child.listening);
  admin = new Speaker(new ApiClient(url), ADMIN_KEY);
  await register(admin);
});
afterAll(async () => {
  await child.stop();
  await storage.remove();
});

const open = async (): Promise<Socket> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
};

/** As many connections as this system's limit on open files lets both ends have, up to 10,000. */
function idleConnections(): number {
  const limit = Number(execFileSync('bash', ['-c', 'ulimit -n'], { encoding: 'utf8' }));
  return Number.isNaN(limit) ? 10_000 : Math.min(10_000, limit - 500);
}

it('thousands of connections that say nothing do not keep a check from being recorded', async () => {
  const sockets: Socket[] = [];
  const wanted = idleConnections();
  try {
    while (sockets.length < wanted) {
      const batch = Math.min(200, wanted - sockets.length);
      sockets.push(...(await Promise.all(Array.from({ length: batch }, open))));
    }
    expect(sockets.filter((socket) => socket.writable).length).toBeGreaterThan(wanted * 0.99);
    const started = performance.now();
    expect((await check(admin, { employeeId: 'EMP-1' })).status).toBe('RECORDED');
    // Milliseconds; the rest is for a busy machine, and a check that waits for the others would hang.
    expect(performance.now() - started).toBeLessThan(30_000);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

it('hundreds of bodies that come a byte a second do not keep a check from being recorded', async () => {
  const sockets = await Promise.all(Array.from({ length: 500 }, open));
  const head =
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n` +
    'Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{';
  for (const socket of sockets) socket.write(head);
  let drips = 0;
  const drip = setInterval(() => {
    for (const socket of sockets) socket.write(' ');
    drips += 1;
  }, 1000);
  try {
    for (let n = 0; n < 3; n++) {
      await until(() => drips >= n);
      expect((await check(admin, { employeeId: 'EMP-1' })).status).toBe('RECORDED');
    }
  } finally {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
  }
});

it.each([
  ['in the request id', { 'x-request-id': 'a%0d%0aset-cookie:%20x=1' }],
  ['in the origin', { origin: 'https://evil.example%0d%0aset-cookie: x=1' }],
  ['in the key', { authorization: 'Bearer a%0d%0aset-cookie:x=1' }],
  ['in the name of the client', { 'apollographql-client-name': 'x%0d%0aset-cookie: x=1' }],
])('a header that is to become two does not: %s', async (_what, headers) => {
  const answer = await post(url, '{"query":"{ __typename }"}', {
    'content-type': 'application/json',
    ...headers,
  });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(JSON.stringify(answer.headers)).not.toMatch(/set-cookie|evil/);
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

it.each([
  'GET /graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\nX: a\r\n set-cookie: x=1\r\n\r\n',
  'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\rSet-Cookie: x=1\r\n\r\n',
  'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',
])(
  'a request that a proxy could read otherwise is refused, and nothing behind it answered: %j',
  async (text) => {
    const socket = await open();
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.end(text);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  },
);

it('a list of operations, in a body or several forms, is refused', async () => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` };
  const batch = Array.from({ length: 1000 }, () => ({ query: '{ offices { id } }' }));
  expect((await post(url, JSON.stringify(batch), headers)).status).toBe(400);
  const get = await send(url, `/graphql?query=[{__typename}]`, { headers });
  expect(get.status).toBe(400);
});

it('a thousand checks in one operation are refused before the first one', async () => {
  const checks = (count: number): string =>
    Array.from({ length: count }, (_, n) => `c${n}: checkAttendance(input: {}) { status }`).join(' ');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}` };
  const answer = await post(url, JSON.stringify({ query: `mutation { ${checks(40)} }` }), headers);
  expect([answer.status, faultOf(answer).message]).toEqual([
    400,
    expect.stringMatching(/Aliases limit of 30 exceeded/) as unknown,
  ]);
  const fragments = `mutation { ...A } fragment A on Mutation { ...B } fragment B on Mutation { ${checks(40)} }`;
  expect((await post(url, JSON.stringify({ query: fragments }), headers)).status).toBe(400);
});
