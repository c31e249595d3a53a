import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const isCheck = ({ body }: SentRequest): boolean => body.includes('checkAttendance(');

/** A request of a page, as it came. */
export interface SentRequest {
  readonly type: string;
  readonly body: Buffer;
}

/**
 * The way from the browser to the service, as a reverse proxy is one: it can be cut and mended, lose answers, and be of
 * the kind that lets no stream through. What goes through is not touched.
 */
export class Network {
  /** Checks that were sent, oldest first, also those whose answer was lost. */
  readonly checks: SentRequest[] = [];
  /** Answers that are lost on their way back, of the next checks: the service has done what it was asked. */
  loseAnswers = 0;
  /** Answered instead of the service to checks: it is asked nothing, or its answer is lost. */
  fault: 'before' | 'after' | null = null;
  /** The clock of the service, for the header `Date`; null: the machine's. */
  now: (() => Date) | null = null;
  /** Whether streams get through; false: 404, as of a proxy that knows only /graphql. */
  streams = true;

  /** What becomes of reports after their first bytes. */
  reports: 'pass' | 'stall' | 'break' = 'pass';

  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;

  /** @param upstream the service's address, which changes when it is restarted */
  constructor(public upstream: string) {}

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Listens, after `down` on the same port again. */
  async up(): Promise<void> {
    const server = createServer((request, response) => {
      this.pass(request, response).catch(() => response.destroy());
    });
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Breaks every connection, streams too, and refuses new ones. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.streams && request.url === '/graphql/stream') {
      response.writeHead(404, { 'content-type': 'text/html' }).end('Not found');
      return;
    }
    const body = await bodyOf(request);
    const sent = { type: request.headers['content-type'] ?? '', body };
    if (isCheck(sent)) this.checks.push(sent);
    if (isCheck(sent) && this.fault === 'before') return void fail(response);
    const out = httpRequest(this.upstream + (request.url ?? '/'), {
      method: request.method ?? 'GET',
      headers: request.headers,
    });
    response.once('close', () => out.destroy());
    out.end(body);
    const [answer] = (await once(out, 'response')) as [IncomingMessage];
    if (isCheck(sent) && this.fault === 'after') {
      await bodyOf(answer);
      return void fail(response);
    }
    if (isCheck(sent) && this.loseAnswers > 0) {
      this.loseAnswers--;
      await bodyOf(answer);
      response.destroy();
      return;
    }
    const date = this.now === null ? {} : { date: this.now().toUTCString() };
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...date });
    // Of a stream nothing is to wait for its first event.
    response.flushHeaders();
    if (this.reports !== 'pass' && request.url?.startsWith('/reports/') === true) {
      const [first] = (await once(answer, 'data')) as [Buffer];
      response.write(first.subarray(0, 20), () => this.reports === 'break' && response.destroy());
      return;
    }
    answer.on('error', () => response.destroy()).pipe(response);
  }
}

function fail(response: ServerResponse): void {
  const errors = [{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }];
  response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The parts of a check's body that tests read: its input and the photo. */
export async function readCheck({ type, body }: SentRequest): Promise<{
  readonly input: Readonly<Record<string, unknown>>;
  readonly photo: Buffer;
}> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const { variables } = JSON.parse(form.get('operations') as string) as {
    variables: { input: Record<string, unknown> };
  };
  return { input: variables.input, photo: Buffer.from(await (form.get('0') as File).arrayBuffer()) };
}
