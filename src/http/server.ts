import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Caller, Context, Loaders } from '../context';
import { RollcallError } from '../errors';
import { authenticate } from './authenticate';
import { toClientFault } from './format-error';
import { serveGraphiql } from './graphiql';
import { serveHealth, type ReadinessChecks } from './health';
import { serveMedia } from './media';
import { acceptMultipart } from './multipart';

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
}

/** A photo in base64 is a third longer; twice as long leaves it to the photo's own check to say what is wrong. */
const bodyLimit = (maxImageBytes: number): number => 2 * maxImageBytes + 1_048_576;
/** A body that is not there by then is not coming: a client that sends a byte a second holds nothing for long. */
const REQUEST_TIMEOUT_MS = 60_000;
/** What somebody without a key may send: enough to introspect, too little to keep us busy. */
const ANONYMOUS_BODY_BYTES = 65_536;
const STUDIO = 'https://studio.apollographql.com';
const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Fastify with every route of the service. Not yet listening. */
export async function createHttpServer(parts: ServerParts): Promise<FastifyInstance> {
  const { apollo, maxImageBytes, log } = parts;
  const app: FastifyInstance = Fastify({
    bodyLimit: bodyLimit(maxImageBytes),
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    return503OnClosing: true,
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
  admitCallers(app, parts);
  acceptMultipart(app, maxImageBytes);
  logRequests(app, log);

  const handler = fastifyApolloHandler(apollo, {
    context: (request): Promise<Context> =>
      Promise.resolve({ caller: request.caller, requestId: request.id, loaders: parts.createLoaders() }),
  });
  // Apollo Sandbox comes from Apollo's CDN with an inline script; nothing private is on that page.
  app.get('/graphql', { helmet: { contentSecurityPolicy: false } }, handler);
  app.post('/graphql', handler);
  serveGraphiql(app);
  serveMedia(app, parts.mediaRoot);
  serveHealth(app, parts.readiness);
  return app;
}

/** Every fault outside of GraphQL's execution is answered in GraphQL's form too. */
function answerFaultsAsJson(app: FastifyInstance, log: Logger): void {
  const answer = (message: string, code: string, requestId: string, extensions: object = {}) => ({
    errors: [{ message, extensions: { ...extensions, code, requestId } }],
  });
  app.setErrorHandler((error: FastifyError | RollcallError, request, reply) => {
    if (error instanceof RollcallError) {
      const status = reply.statusCode >= 400 ? reply.statusCode : STATUS[error.code];
      return reply.code(status).send(answer(error.message, error.code, request.id, error.details));
    }
    const status = error.statusCode ?? (error as { status?: number }).status ?? 500;
    if (status >= 400 && status < 500) {
      return reply.code(status).send(answer(plainReason(error, status), 'BAD_USER_INPUT', request.id));
    }
    const fault = toClientFault(error);
    if (fault.internal) log.error({ reqId: request.id, err: error }, 'Internal error');
    return reply
      .code(fault.internal ? 500 : 503)
      .send(answer(fault.message, fault.code, request.id, fault.extensions));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(answer('There is nothing at this address', 'NOT_FOUND', request.id)),
  );
}

const STATUS = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
} as const;

/** Says what is wrong with a request without quoting it: a parser's message may hold a piece of the body. */
function plainReason(error: FastifyError, status: number): string {
  switch (status) {
    case 408:
      return 'The request took too long to arrive';
    case 413:
      return 'The request is too large';
    case 415:
      return 'The content type must be application/json or multipart/form-data';
    default:
      return error.code?.startsWith('FST_ERR_CTP') || error instanceof SyntaxError
        ? 'The body must be a JSON object'
        : error.message.slice(0, 200);
  }
}

/** Tells who is calling before anything of the body is read, and turns away who may not. */
function admitCallers(app: FastifyInstance, { adminApiKey, publicUrl }: ServerParts): void {
  // Fastify's types would have a function here; the hook below sets it for every request.
  app.decorateRequest('caller', undefined as never);
  const names = new Set(LOOPBACK_NAMES);
  if (publicUrl !== null) names.add(new URL(publicUrl).hostname);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    // Open on loopback is open to this machine, not to a page whose host name was pointed at it (DNS rebinding).
    if (adminApiKey === null && !names.has(request.host.replace(/:\d+$/, ''))) {
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
