/** Real: the service over HTTP, sockets, the multipart parser; a bare server for the pace of transfers. Fake: nothing. */
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { answerClientError } from '../../src/http/routes/fault-answers';
import { cutOffSlowTransfers, TRANSFER_LIMITS } from '../../src/http/hooks/slow-transfers';
import { file, multipart, multipartHeaders, usual } from '../support/multipart';
import { hopper, register } from '../support/operations';
import { photo } from '../support/photos';
import { TestService } from '../support/service';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A connection that sends a request of this length, and what is answered. */
class SlowClient {
  private text = '';
  readonly socket: Socket;
  private readonly closed: Promise<unknown>;

  constructor(port: number, path: string, length: number, headers: Readonly<Record<string, string>>) {
    this.socket = connect(port, 'localhost');
    this.socket.on('error', () => undefined).on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.closed = once(this.socket, 'close');
    const lines = Object.entries({ ...headers, 'content-length': String(length), connection: 'close' });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${head}\r\n`);
  }

  /** Sends a body in so many pieces, until it is sent or the service closes. @returns the answer */
  async send(body: Buffer, pieces: number, pauseMs: number): Promise<string> {
    const size = Math.ceil(body.length / pieces);
    for (let at = 0; at < body.length && this.socket.writable && !this.text; at += size) {
      this.socket.write(body.subarray(at, at + size));
      await pause(pauseMs);
    }
    await this.closed;
    return this.text;
  }
}

const portOf = (url: string): number => Number(new URL(url).port);

describe('a slow line', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start({
      // So long that a busy machine is no reason for it.
      env: { OPERATION_TIMEOUT_MS: '5000', PUNCH_MIN_INTERVAL_SECONDS: '0' },
    });
    await register(service);
  });
  afterAll(() => service.stop());

  it('uploads for longer than the time limit of an operation', async () => {
    const body = multipart(usual(file(photo('grace-hopper.jpg'))));
    const client = new SlowClient(portOf(service.url), '/graphql', body.length, multipartHeaders);
    const answer = await client.send(body, 25, 250);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"RECORDED"');
  });

  it('sends base64 for longer than the time limit of an operation', async () => {
    const query = 'mutation($input: CheckAttendanceInput!) { checkAttendance(input: $input) { status } }';
    const body = Buffer.from(
      JSON.stringify({ query, variables: { input: { employeeId: 'EMP-1', ...hopper } } }),
    );
    const headers = { 'content-type': 'application/json' };
    const client = new SlowClient(portOf(service.url), '/graphql', body.length, headers);
    expect(await client.send(body, 25, 250)).toContain('"RECORDED"');
  });
});

describe('the pace of a transfer', () => {
  // So long that a machine that stands still for a second changes nothing.
  const LIMITS = { ...TRANSFER_LIMITS, graceMs: 1500, bytesPerSecond: 2000, windowMs: 2000 };
  let server: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    server = Fastify({ clientErrorHandler: answerClientError, bodyLimit: 10_000_000 });
    cutOffSlowTransfers(server, LIMITS);
    server.addContentTypeParser('text/plain', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    server.addContentTypeParser('x/unread', (_request, _payload, done) => done(null));
    server.post('/', () => ({ read: true }));
    server.post('/busy', async ({ raw }) => {
      await pause(LIMITS.graceMs + LIMITS.windowMs);
      for await (const chunk of raw) void chunk;
      return { read: true };
    });
    await server.listen({ port: 0, host: 'localhost' });
    port = (server.server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());
  const plain = { 'content-type': 'text/plain' };

  it('by default is 2 KB/s after 15 s, within 300 s', () => {
    expect(TRANSFER_LIMITS).toEqual({
      totalMs: 300_000,
      graceMs: 15_000,
      bytesPerSecond: 2048,
      windowMs: 10_000,
    });
  });

  it('above the minimum is accepted', async () => {
    const body = Buffer.alloc(500_000);
    expect(await new SlowClient(port, '/', body.length, plain).send(body, 50, 100)).toContain('"read":true');
  });

  it('below the minimum is accepted for a short time', async () => {
    const body = Buffer.alloc(300);
    expect(await new SlowClient(port, '/', body.length, plain).send(body, 3, 100)).toContain('"read":true');
  });

  it.each([
    ['a byte at a time', 1],
    ['just below the minimum', 120],
  ])('below the minimum is answered with 408: %s', async (_what, bytes) => {
    const body = Buffer.alloc(100_000);
    const start = performance.now();
    const answer = await new SlowClient(port, '/', body.length, plain).send(body, body.length / bytes, 100);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('The request took too long to arrive');
    expect(performance.now() - start).toBeGreaterThan(LIMITS.graceMs);
  });

  it('that stops after a fast beginning is answered with 408', async () => {
    const client = new SlowClient(port, '/', 100_000, plain);
    expect(await client.send(Buffer.alloc(50_000), 1, 0)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that waits for us is not cut off', async () => {
    const body = Buffer.alloc(3_000_000);
    const client = new SlowClient(port, '/busy', body.length, { 'content-type': 'x/unread' });
    expect(await client.send(body, 1, 0)).toContain('"read":true');
  });
});
