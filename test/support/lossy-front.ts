import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the client gets instead of the answer. */
export interface Loss {
  readonly code: 'UNAVAILABLE' | 'TOO_MANY_REQUESTS';
  readonly retryAfterSeconds: number;
}

/**
 * A proxy that loses answers: the request took effect, and the client gets an error that asks for a retry. Only a client
 * that repeats its idempotency key ends with one punch.
 */
export class LossyFront {
  private readonly losses: Loss[] = [];
  /** How many requests arrived. */
  requests = 0;

  private constructor(
    private readonly server: Server,
    /** e.g. http://localhost:34567 */
    readonly url: string,
  ) {}

  static async before(target: string): Promise<LossyFront> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const front = new LossyFront(server, `http://localhost:${(server.address() as AddressInfo).port}`);
    server.on('request', (incoming, outgoing) => {
      const loss = incoming.method === 'POST' ? front.losses.shift() : undefined;
      if (incoming.method === 'POST') front.requests++;
      const { method = 'GET', headers } = incoming;
      const passed = request(target + (incoming.url ?? ''), { method, headers }, (answer) => {
        if (loss === undefined) {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
          return;
        }
        // Everything that the service did is done once its answer is here.
        answer.resume().on('end', () => {
          const { code, retryAfterSeconds } = loss;
          const errors = [{ message: `Told by a test: ${code}`, extensions: { code, retryAfterSeconds } }];
          // A web page may read it where it may read the service's own.
          const cors = Object.entries(answer.headers).filter(([name]) => name.startsWith('access-control-'));
          outgoing.writeHead(200, { ...Object.fromEntries(cors), 'content-type': 'application/json' });
          outgoing.end(JSON.stringify({ errors, data: null }));
        });
      });
      passed.on('error', () => outgoing.destroy());
      incoming.pipe(passed);
    });
    return front;
  }

  /** The answers to the next requests. */
  lose(...losses: readonly Loss[]): void {
    this.losses.push(...losses);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
