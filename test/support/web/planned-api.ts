import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * The service with what it does not have yet of the API that the pages are written against: pairing, kioskSettings,
 * capturedAt, attendanceRecorded. A proxy in front of the real one, which answers everything else; so the network can
 * also be cut here. To be taken out when the service has them itself.
 */

const ADDED = {
  queryType: ['kioskSettings'],
  mutationType: ['redeemKioskPairing', 'deactivateEmployee'],
  subscriptionType: ['attendanceRecorded'],
} as const;

const CAPTURED_AT = /,"capturedAt":"([^"]+)"/;

interface Introspection {
  data: {
    __schema: Record<string, { fields: { name: string }[] } | null>;
    check: { inputFields: { name: string }[] };
  };
}

export class PlannedApi {
  /** What kiosks may use; what is taken out is revoked. */
  readonly kioskKeys = new Set<string>();
  readonly codes = new Set<string>();
  /** Of the checks that came with one, in their order, with their requestId. */
  readonly captured: { readonly capturedAt: string; readonly requestId: string }[] = [];
  /** The body of the last check, as the page sent it. */
  lastCheck: { readonly type: string; readonly body: Buffer } | null = null;
  /** Answers that are lost on their way back, of the next checks. */
  loseAnswers = 0;
  settings = { office: null as object | null, requireChallenge: false, requireLiveness: false };
  /** Whether the service can stream; false: as today. */
  streams = true;

  private readonly subscribers = new Set<ServerResponse>();
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private port = 0;

  constructor(
    private readonly upstream: string,
    private readonly adminKey: string,
  ) {}

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Listens, after `down` on the same port again. */
  async up(): Promise<void> {
    const server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
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

  /** The network is gone. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    server.close();
    this.dropStreams();
    for (const socket of this.sockets) socket.destroy();
    await once(server, 'close');
  }

  /** The streams break off, as behind a proxy that is restarted. */
  dropStreams(): void {
    for (const response of this.subscribers) response.destroy();
    this.subscribers.clear();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body = Buffer.concat(chunks);
    const { authorization } = request.headers;
    const key = authorization?.replace(/^Bearer /, '');
    const isKiosk = key?.startsWith('kiosk-') ?? false;
    if (isKiosk && !this.kioskKeys.has(key as string)) return refuse(response);
    if (request.method === 'POST' && request.url === '/graphql/stream') return this.stream(key, response);
    const text = body.toString('latin1');
    if (request.method === 'POST' && text.includes('redeemKioskPairing(')) return this.redeem(text, response);
    if (request.method === 'POST' && text.includes('kioskSettings {')) {
      if (key === undefined) return refuse(response);
      return json(response, 200, { data: { kioskSettings: this.settings } });
    }
    if (text.includes('checkAttendance(')) {
      this.lastCheck = { type: request.headers['content-type'] ?? '', body };
    }
    const capturedAt = CAPTURED_AT.exec(text)?.[1];
    const requestId = /"requestId":"([^"]+)"/.exec(text)?.[1];
    if (capturedAt !== undefined && requestId !== undefined) {
      this.captured.push({ capturedAt, requestId });
      body = Buffer.from(text.replace(CAPTURED_AT, ''), 'latin1');
    }
    const answer = await this.forward(request, body, isKiosk ? this.adminKey : key);
    if (text.includes('checkAttendance(') && this.loseAnswers > 0) {
      this.loseAnswers--;
      return void response.destroy();
    }
    this.publish(answer.body);
    const changed = text.includes('__schema') ? withPlannedFields(answer.body, this.streams) : answer.body;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': changed.length });
    response.end(changed);
  }

  private redeem(text: string, response: ServerResponse): void {
    const { variables } = JSON.parse(text) as { variables: { code: string } };
    if (!this.codes.delete(variables.code)) {
      const extensions = { code: 'BAD_USER_INPUT', field: 'code' };
      return json(response, 200, { errors: [{ message: 'code: is not valid', extensions }] });
    }
    const apiKey = `kiosk-${this.kioskKeys.size + 1}`;
    this.kioskKeys.add(apiKey);
    json(response, 200, { data: { redeemKioskPairing: { apiKey, office: this.settings.office } } });
  }

  private stream(key: string | undefined, response: ServerResponse): void {
    if (!this.streams) return json(response, 404, { errors: [{ message: 'Not found' }] });
    if (key === undefined) return refuse(response);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(':\n\n');
    this.subscribers.add(response);
    response.once('close', () => this.subscribers.delete(response));
  }

  private publish(body: Buffer): void {
    if (!body.includes('"status":"RECORDED"')) return;
    const { data } = JSON.parse(body.toString()) as { data: { checkAttendance: { attendance?: object } } };
    const event = JSON.stringify({ data: { attendanceRecorded: data.checkAttendance.attendance } });
    for (const response of this.subscribers) response.write(`event: next\ndata: ${event}\n\n`);
  }

  private async forward(request: IncomingMessage, body: Buffer, key: string | undefined) {
    const headers = { ...request.headers };
    delete headers.authorization;
    // What is published is read here.
    delete headers['accept-encoding'];
    const out = httpRequest(this.upstream + (request.url ?? '/'), {
      method: request.method,
      headers: {
        ...headers,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        'content-length': body.length,
      },
    });
    out.end(body);
    const [answer] = (await once(out, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    delete answer.headers['transfer-encoding'];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) };
  }
}

function withPlannedFields(body: Buffer, streams: boolean): Buffer {
  const answer = JSON.parse(body.toString()) as Introspection;
  const { __schema: schema, check } = answer.data;
  for (const [type, names] of Object.entries(ADDED)) {
    if (type === 'subscriptionType' && !streams) continue;
    const fields = (schema[type] ??= { fields: [] }).fields;
    fields.push(...names.map((name) => ({ name })));
  }
  check.inputFields.push({ name: 'capturedAt' });
  return Buffer.from(JSON.stringify(answer));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse): void {
  const extensions = { code: 'UNAUTHENTICATED' };
  json(response, 401, { errors: [{ message: 'The API key is not valid', extensions }] });
}
