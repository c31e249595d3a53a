/** Real: the service over HTTP, sockets, agents that keep connections, the multipart parser. Fake: nothing. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { faultOf, footprint, send } from '../support/hostile';
import {
  file,
  MAP,
  multipart,
  multipartHeaders as headers,
  operations,
  usual,
  type Part,
} from '../support/multipart';
import { register } from '../support/operations';
import { TestService } from '../support/service';

let service: TestService;
let before: Awaited<ReturnType<typeof footprint>>;

beforeAll(async () => {
  service = await TestService.start({ env: { MAX_IMAGE_BYTES: '200000' } });
  await register(service);
  before = await footprint(service);
});
afterAll(() => service.stop());

describe('an upload that breaks off', () => {
  const body = multipart(usual(file(randomBytes(150_000))));
  const head = (length: number): string =>
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n` +
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('') +
    '\r\n';

  it.each(['destroy', 'end', 'resetAndDestroy'] as const)('by %s leaves nothing behind', async (how) => {
    for (const sent of [100, 2000, 60_000, body.length - 3]) {
      const socket = connect(Number(new URL(service.url).port), 'localhost');
      socket.on('error', () => undefined).resume();
      socket.write(head(body.length));
      socket.write(body.subarray(0, sent));
      // For the service to have read what was sent, which cannot be seen from here.
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket[how]();
      if (!socket.closed) await once(socket, 'close');
    }
    expect(await footprint(service)).toEqual(before);
  });

  it('by a length that is shorter than the body is refused', async () => {
    const socket = connect(Number(new URL(service.url).port), 'localhost');
    let text = '';
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.end(Buffer.concat([Buffer.from(head(body.length - 100_000)), body]));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 (200 OK|400 Bad Request)/);
    expect(text).toContain('BAD_USER_INPUT');
    expect(await footprint(service)).toEqual(before);
  });
});

describe('a file that nobody reads', () => {
  const large = file(randomBytes(190_000));
  const unread: readonly (readonly [string, Part[]])[] = [
    [
      'unknown field',
      [{ name: 'operations', body: operations({}, 'mutation { nope }') }, { name: 'map', body: MAP }, large],
    ],
    [
      'broken query',
      [{ name: 'operations', body: operations({}, 'mutation {{{') }, { name: 'map', body: MAP }, large],
    ],
    [
      'bad variables',
      [{ name: 'operations', body: operations({ latitude: 'x' }) }, { name: 'map', body: MAP }, large],
    ],
    [
      'bad arguments',
      [{ name: 'operations', body: operations({ latitude: 91 }) }, { name: 'map', body: MAP }, large],
    ],
    ['bad map', [{ name: 'operations', body: operations() }, { name: 'map', body: '{' }, large]],
    [
      'both',
      [{ name: 'operations', body: operations({ imageBase64: 'AAAA' }) }, { name: 'map', body: MAP }, large],
    ],
  ];

  it.each(unread)('(%s) does not hold up the requests behind it on its connection', async (_what, parts) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = new URL(service.url);
    const ask = (body: Buffer, more: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const out = request(
          {
            port,
            host: 'localhost',
            path: '/graphql',
            method: 'POST',
            agent,
            headers: { ...more, 'content-length': body.length },
          },
          (answer) => answer.resume().once('end', () => resolve(answer.statusCode)),
        );
        out
          .once('error', reject)
          .setTimeout(30_000, () => out.destroy(new Error('hangs')))
          .end(body);
      });
    try {
      for (let i = 0; i < 50; i++) expect(await ask(multipart(parts), headers)).toBeLessThan(500);
      const query = Buffer.from('{"query":"{ __typename }"}');
      expect(await ask(query, { 'content-type': 'application/json' })).toBe(200);
    } finally {
      agent.destroy();
    }
    expect(await footprint(service)).toEqual(before);
  });

  it('does not reach a route that is not there either', async () => {
    const body = multipart(usual(large));
    const answer = await send(service.url, '/nowhere', { method: 'POST', headers, body });
    expect(answer.status).toBe(404);
    expect(faultOf(answer).extensions.code).toBe('NOT_FOUND');
  });
});
