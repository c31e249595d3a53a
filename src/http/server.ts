import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { ApolloServer } from '@apollo/server';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Caller, Context, Loaders } from '../context';
import { RollcallError } from '../errors';
import { authenticate } from './authenticate';
import { drainOnStop } from './drain';
import { answerBadUrl, answerClientError, answerFaultsAsJson } from './fault-answers';
import { serveGraphiql } from './graphiql';
import { graphqlHandler } from './graphql-handler';
import { serveHealth, type ReadinessChecks } from './health';
import { serveMedia } from './media';
import { acceptMultipart } from './multipart';
import { serveWebPages } from './web-pages';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends the request; set before anything of the body is read. */
    caller: Caller;
  }
}

export interface ServerParts {
  readonly apollo: ApolloServer<Context>;
  readonly createLoaders: () => Loaders;
  readonly adminApiKey: string | null;
  readonly publicUrl: string | null;
  readonly maxImageBytes: number;
  readonly mediaRoot: string;
  readonly readiness: ReadinessChecks;
  readonly log: Logger;
  /** How long a request may take to arrive, body included. */
  readonly requestTimeoutMs?: number;
}

/**
 * A photo in base64 is a third longer. Room for three of the largest, which leaves it to a photo's own check to say
 * what is wrong with it, and for five of usual size; more goes as uploads, which are not held as text besides.
 */
const bodyLimit = (maxImageBytes: number): number => 4 * maxImageBytes + 1_048_576;
/** A body that is not there by then is not coming: a client that sends a byte a second holds nothing for long. */
const REQUEST_TIMEOUT_MS = 60_000;
/** How often Node looks for connections whose time is up; its default of 30 s would add half to the above. */
const TIMEOUT_CHECK_MS = 5000;
/** What somebody without a key may send: enough to introspect, too little to keep us busy. */
const ANONYMOUS_BODY_BYTES = 65_536;
const STUDIO = 'https://studio.apollographql.com';
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Fastify with every route of the service. Not yet listening. */
export async function createHttpServer(parts: ServerParts): Promise<FastifyInstance> {
  const { apollo, maxImageBytes, log, requestTimeoutMs = REQUEST_TIMEOUT_MS } = parts;
  const app: FastifyInstance = Fastify({
    bodyLimit: bodyLimit(maxImageBytes),
    requestTimeout: requestTimeoutMs,
    http: {
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, requestTimeoutMs),
      // Where the headers may take longer than the request, Node allows the longer time for both.
      headersTimeout: requestTimeoutMs,
      // A request without a Host header is answered by us: Node's refusal is not JSON.
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerBadUrl,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    logger: false,
  });

  answerFaultsAsJson(app, log);
  await app.register(helmet, {
    crossOriginEmbedderPolicy: false,
    contentSecurityPolicy: { useDefaults: true },
  });
  await app.register(cors, {
    origin: [STUDIO, ...(parts.publicUrl === null ? [] : [new URL(parts.publicUrl).origin])],
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  });
  drainOnStop(app);
  admitCallers(app, parts);
  acceptMultipart(app, maxImageBytes);
  logRequests(app, log);

  const handler = graphqlHandler(apollo, parts.createLoaders);
  // Apollo Sandbox comes from Apollo's CDN with an inline script; nothing private is on that page.
  app.get('/graphql', { helmet: { contentSecurityPolicy: false } }, handler);
  app.post('/graphql', handler);
  serveGraphiql(app);
  serveWebPages(app);
  serveMedia(app, parts.mediaRoot);
  serveHealth(app, parts.readiness);
  return app;
}

/** Tells who is calling before anything of the body is read, and turns away who may not. */
function admitCallers(app: FastifyInstance, { adminApiKey, publicUrl }: ServerParts): void {
  // Fastify's types would have a function here; the hook below sets it for every request.
  app.decorateRequest('caller', undefined as never);
  const names = new Set(LOOPBACK_NAMES);
  if (publicUrl !== null) names.add(new URL(publicUrl).hostname);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (!URL.canParse(`http://${request.host}`)) {
      throw new RollcallError('BAD_USER_INPUT', 'The Host header is missing or malformed');
    }
    // Open on loopback is open to this machine, not to a page whose host name was pointed at it (DNS rebinding).
    if (adminApiKey === null && !names.has(request.host.replace(/:\d+$/, '').toLowerCase())) {
      throw new RollcallError('FORBIDDEN', 'Without ADMIN_API_KEY only requests to localhost are answered');
    }
    const caller = authenticate(request.headers.authorization, adminApiKey);
    if (caller === null) throw new RollcallError('UNAUTHENTICATED', 'The API key is not valid');
    request.caller = caller;
    const hasBody = request.method === 'POST';
    if (
      caller.kind === 'anonymous' &&
      hasBody &&
      !(Number(request.headers['content-length']) <= ANONYMOUS_BODY_BYTES)
    ) {
      void reply.header('connection', 'close');
      throw new RollcallError('UNAUTHENTICATED', 'Send the API key: Authorization: Bearer <key>');
    }
  });
}

/** One line a request: the path without its query, which may carry variables. */
function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        reqId: request.id,
        method: request.method,
        path: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}
