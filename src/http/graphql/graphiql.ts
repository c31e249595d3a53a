import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { FIRST_OPERATIONS } from './examples';

/** GraphiQL from the installed package: an explorer that needs no internet. 9 MB, so it is made on first use. */
export function serveGraphiql(app: FastifyInstance, prefix: string): void {
  let page: Promise<Buffer> | null = null;
  app.get('/graphiql', { helmet: { contentSecurityPolicy: false } }, async (_request, reply) => {
    page ??= renderPage(`${prefix}/graphql`);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-encoding', 'gzip')
      .send(await page);
  });
}

async function renderPage(endpoint: string): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Rollcall',
    endpoint,
    defaultQuery: FIRST_OPERATIONS,
  });
  return promisify(gzip)(html);
}
