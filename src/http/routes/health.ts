import type { FastifyInstance } from 'fastify';
import { withDeadline } from '../../deadline';

/** What has to be there for the service to work; each resolves, or rejects if it is not. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

const DEADLINE_MS = 3000;

async function isReady(check: () => Promise<unknown>): Promise<boolean> {
  try {
    return await withDeadline(
      check().then(() => true),
      DEADLINE_MS,
      () => false,
    );
  } catch {
    return false;
  }
}

/** /healthz: the process answers. /readyz: everything it needs does too; 503 names what does not. */
export function serveHealth(app: FastifyInstance, checks: ReadinessChecks): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await isReady(check)] as const),
    );
    const ready = results.every(([, ok]) => ok);
    return reply.code(ready ? 200 : 503).send({
      status: ready ? 'ready' : 'not ready',
      checks: Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failing'])),
    });
  });
}
