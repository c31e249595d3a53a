import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

const OPTIONS: Parameters<typeof helmet>[0] = {
  crossOriginEmbedderPolicy: false,
  // Sent by requireHttps where it is true.
  strictTransportSecurity: false,
};

/**
 * Adds helmet's headers to every answer. A page has a content security policy of its own, which replaces this one.
 * They are made once. With helmet's plugin for Fastify, which makes them for each request, the whole request survived until
 * the next full collection of garbage (docs/design/performance.md).
 */
export function sendSecurityHeaders(app: FastifyInstance): void {
  const headers = Object.entries(headersOfHelmet());
  app.addHook('onRequest', (_request, { raw }, done) => {
    for (const [name, value] of headers) raw.setHeader(name, value);
    done();
  });
}

function headersOfHelmet(): Readonly<Record<string, string>> {
  const answer = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(OPTIONS)(answer.req, answer, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return answer.getHeaders() as Record<string, string>;
}
