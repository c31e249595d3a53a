/**
 * Real: src/main.ts as a process of its own, signals, sockets, the database; Fastify and Apollo for requests
 * that never end. Fake: there, a schema of one field.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { pino } from 'pino';
import { Authenticator } from '../../src/http/hooks/authenticator';
import { createApolloServer } from '../../src/http/graphql/apollo-server';
import { TRANSFER_LIMITS } from '../../src/http/hooks/slow-transfers';
import { RateLimits } from '../../src/http/hooks/rate-limits';
import { createHttpServer } from '../../src/http/server';
import { LocalStore } from '../../src/services/photos/local/local-store';
import { ChildService } from '../support/child-service';
import { inDatabase } from '../support/privacy';
import { CloudinaryStandIn } from '../support/cloudinary-stand-in';
import { createStorage, type TestStorage } from '../support/databases';
import { faultOf, post, type RawAnswer } from '../support/hostile';
import { CHECK, hopper, REGISTER } from '../support/operations';
import { TestService } from '../support/service';
import { cloudinaryEnv } from '../support/uploads';
import { until } from '../support/until';
let storage: TestStorage;

beforeAll(async () => {
  storage = await createStorage('pglite');
});
afterAll(async () => {
  await storage.remove();
});

const json = { 'content-type': 'application/json' };
const input = { employeeId: 'EMP-1', ...hopper };

/** A request whose body arrives in two pieces, with the rest in our hand. */
function slowPost(
  url: string,
  body: string,
  agent: Agent,
): { begun: Promise<unknown>; finish: () => void; answer: Promise<RawAnswer> } {
  const { hostname, port } = new URL(url);
  // It is told to go on once the service has seen its headers: then it is in flight.
  const headers = { ...json, 'content-length': Buffer.byteLength(body), expect: '100-continue' };
  const out = request({ hostname, port, path: '/graphql', method: 'POST', agent, headers });
  const begun = once(out, 'continue');
  out.write(body.slice(0, 1000));
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    out.once('error', reject).once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, bytes, text: bytes.toString() });
      });
    });
  });
  return { begun, finish: () => out.end(body.slice(1000)), answer };
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s the service finishes what is in flight, takes nothing new, is held by no idle connection, and ends well',
  async (signal) => {
    const lines: string[] = [];
    const env = { PUNCH_MIN_INTERVAL_SECONDS: '0' };
    const child = ChildService.spawn({ storage, env, onLine: (line) => lines.push(line) });
    const client = await child.listening;
    const { url } = client;
    await client.send(REGISTER, { input: { ...input, name: 'Grace Hopper' } });

    const agent = new Agent({ keepAlive: true });
    const idle = connect(Number(new URL(url).port), 'localhost');
    idle.on('error', () => undefined);
    idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(idle, 'data');
    const fresh = connect(Number(new URL(url).port), 'localhost');
    fresh.on('error', () => undefined);
    await once(fresh, 'connect');

    const body = JSON.stringify({ query: CHECK, variables: { input } });
    const slow = slowPost(url, body, agent);
    await slow.begun;
    child.signal(signal);
    const refused = (): Promise<string> =>
      post(url, '{"query":"{ __typename }"}').then(
        () => 'answered',
        (error: Error) => String(error),
      );
    await until(refused, (said) => /ECONNREFUSED|ECONNRESET/.test(said));
    slow.finish();
    const answer = await slow.answer;
    expect(JSON.parse(answer.text)).toMatchObject({ data: { checkAttendance: { status: 'RECORDED' } } });
    expect(answer.headers.connection).toBe('close');
    expect(await child.ended).toBe(0);
    expect(lines.at(-1)).toContain('"Stopped"');
    agent.destroy();

    // Restarted on the same folder, it has the punch that was acknowledged while it stopped.
    const again = await TestService.start({ storage, env });
    const { attendances } = await again.ask('{ attendances { totalCount } }');
    expect(attendances).toEqual({ totalCount: signal === 'SIGTERM' ? 1 : 2 });
    await again.stop();
  },
);

it('stopping waits for an operation that was answered before it ended, and notes what came of it', async () => {
  const cdn = await CloudinaryStandIn.start();
  const place = await createStorage('pglite');
  try {
    const env = { ...cloudinaryEnv(cdn, 1500), OPERATION_TIMEOUT_MS: '400' };
    const service = await TestService.start({ storage: place, env });
    cdn.failWith('hang');
    const { errors } = await service.send(REGISTER, { input: { ...input, name: 'Grace Hopper' } });
    expect(errors?.[0]?.message).toContain('took longer than 400 ms');
    await service.app.close();
    cdn.failWith(null);
    const [employee] = await inDatabase(place, (dataSource) =>
      dataSource.query<{ error: string | null }[]>('SELECT image_upload_error AS error FROM employees'),
    );
    expect(employee?.error).toContain('Cloudinary did not answer');
  } finally {
    await cdn.stop();
    await place.remove();
  }
});

it('the service cuts off a request that does not arrive in time, and says so in JSON', async () => {
  const log = pino({ level: 'silent' });
  const schema = buildSchema('type Query { a: Int }');
  const apollo = createApolloServer(schema, log, { withKey: false, describesFaces: false });
  await apollo.start();
  const server = await createHttpServer({
    apollo,
    createLoaders: () => ({}) as never,
    authenticator: new Authenticator({
      adminApiKey: null,
      keys: { find: () => Promise.resolve(null) },
      tokens: null,
    }),
    rateLimits: new RateLimits({ perKey: 0, perAddress: 0 }),
    corsOrigins: null,
    trustProxy: null,
    operationTimeoutMs: 0,
    publicUrl: null,
    maxImageBytes: 1024,
    local: new LocalStore('/nowhere'),
    addresses: {} as never,
    notePhotoRead: () => undefined,
    noteRefused: () => undefined,
    exports: { redeem: () => Promise.resolve(null), open: () => Promise.reject(new Error('unused')) },
    reports: { open: () => Promise.reject(new Error('unused')) },
    readiness: {},
    log,
    headersTimeoutMs: 300,
    transfer: { ...TRANSFER_LIMITS, totalMs: 300 },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  try {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write(
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    const drip = setInterval(() => socket.write(' '), 50);
    const start = performance.now();
    await once(socket, 'close');
    clearInterval(drip);
    // Node looks every few seconds; a request that is not cut off would drip for ever.
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('The request took too long to arrive');

    const [head = '', rest = ''] = text.split('\r\n\r\n');
    const headers = { 'content-type': /content-type: (.*)/i.exec(head)?.[1]?.trim() };
    const fault = faultOf({ status: 408, headers, bytes: Buffer.alloc(0), text: rest });
    expect(fault.extensions.code).toBe('BAD_USER_INPUT');
  } finally {
    await server.close();
    await apollo.stop();
  }
});
