import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RollcallError } from '../../errors';
import { FIRST_OPERATIONS } from '../graphql/examples';
import { prefersHtml } from '../hooks/accept';

/** Which pages there are: sandbox: GraphiQL and Apollo Sandbox; local: GraphiQL; null: none. */
export type Explorer = 'sandbox' | 'local' | null;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

interface ExplorerOptions {
  /** Answers GraphQL requests; its GET is the page of Apollo Sandbox as well. */
  readonly handler: Handler;
  readonly explorer: Explorer;
  /** The path of PUBLIC_URL. */
  readonly prefix: string;
}

const NOTHING_ELSE = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/**
 * Apollo Sandbox comes from Apollo's CDN. The page itself has a policy that allows its own inline script only, by a nonce
 * that is made with it; a browser follows both.
 */
const SANDBOX_POLICY = [
  ...NOTHING_ELSE,
  "script-src 'unsafe-inline' https://embeddable-sandbox.cdn.apollographql.com",
  "style-src 'unsafe-inline' https://fonts.googleapis.com https://embeddable-sandbox.cdn.apollographql.com",
  'font-src https://fonts.gstatic.com',
  'img-src https://apollo-server-landing-page.cdn.apollographql.com',
  'manifest-src https://apollo-server-landing-page.cdn.apollographql.com',
  'frame-src https://sandbox.embed.apollographql.com',
  "connect-src 'self'",
].join('; ');

/** Serves GET /graphql and, if it is wanted, the pages to try the API with. */
export function serveExplorers(app: FastifyInstance, { handler, explorer, prefix }: ExplorerOptions): void {
  app.get('/graphql', async (request, reply) => {
    // As Apollo decides who gets a page.
    if (!prefersHtml(request.headers.accept)) return handler(request, reply);
    if (explorer === 'local') return reply.redirect(`${prefix}/graphiql`, 302);
    if (explorer === null) throw new RollcallError('NOT_FOUND', 'Address not found');
    void reply.header('content-security-policy', SANDBOX_POLICY);
    return handler(request, reply);
  });
  if (explorer !== null) serveGraphiql(app, prefix);
}

/** GraphiQL from the installed package: an explorer that needs no internet. 9 MB, so it is made on first use. */
function serveGraphiql(app: FastifyInstance, prefix: string): void {
  let page: Promise<{ readonly body: Buffer; readonly policy: string }> | null = null;
  app.get('/graphiql', async (_request, reply) => {
    page ??= renderPage(`${prefix}/graphql`);
    const { body, policy } = await page;
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('content-encoding', 'gzip')
      .send(body);
  });
}

async function renderPage(endpoint: string): Promise<{ readonly body: Buffer; readonly policy: string }> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Rollcall',
    endpoint,
    defaultQuery: FIRST_OPERATIONS,
  });
  return { body: await promisify(gzip)(html), policy: policyOf(html) };
}

/** Allows the scripts that are written into the page, by their hashes, and no others. The editor makes styles and workers. */
function policyOf(html: string): string {
  const hashes = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    ...NOTHING_ELSE,
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    'worker-src blob: data:',
    "connect-src 'self'",
  ].join('; ');
}
