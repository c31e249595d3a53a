import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { RollcallError } from '../../errors';
import type { Metrics } from '../../metrics';
import { hashOf, isSame } from '../../services/encryption/tokens';

const LOOPBACK = '127.0.0.1';

/** The address on the service's own port; its token is no API key. @param token null: there is none */
export function serveMetrics(app: FastifyInstance, { registry }: Metrics, token: string | null): void {
  if (token === null) return;
  const expected = hashOf(`Bearer ${token}`);
  app.get('/metrics', async ({ headers }, reply) => {
    if (!isSame(hashOf(headers.authorization ?? ''), expected)) {
      throw new RollcallError(
        'UNAUTHENTICATED',
        'METRICS_TOKEN required; send it as Authorization: Bearer <token>',
      );
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** A separate port for Prometheus on the same machine; nothing else is served there. */
export async function listenForMetrics({ registry }: Metrics, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      return void response.writeHead(404).end();
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return server;
}
