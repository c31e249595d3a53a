import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import type { ApolloServer } from '@apollo/server';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Context, Loaders } from '../context';
import type { LocalStore } from '../services/photos/local/local-store';
import type { MediaAddresses } from '../services/photos/media-addresses';
import { admitCallers } from './hooks/admission';
import type { Authenticator } from './hooks/authenticator';
import { BEACON_HEADER, keepContact, type ContactServices } from './hooks/contacts';
import { refuseCompressedBodies } from './hooks/content-encoding';
import { drainOnStop } from './hooks/drain';
import { lingerAfterRefusals } from './hooks/linger';
import { readForwarded, trustOf } from './hooks/forwarded';
import { serveExplorers, type Explorer } from './routes/explorers';
import { serveExports, type ExportDownloads } from './routes/exports';
import { answerClientError, FaultAnswers } from './routes/fault-answers';
import { acceptJson } from './graphql/json-bodies';
import { graphqlHandler } from './graphql/graphql-handler';
import { serveHealth, type ReadinessChecks } from './routes/health';
import type { Metrics } from '../metrics';
import { withRequest } from '../request-scope';
import { serveMetrics } from './routes/metrics';
import { serveReports, type ReportDownloads } from './routes/reports';
import { serveMedia, type NotePhotoRead } from './routes/media';
import { acceptMultipart } from './graphql/multipart';
import type { PersistedOperations } from './graphql/persisted-operations';
import type { RateLimits } from './hooks/rate-limits';
import { noteRefusedAccess, type NoteRefusedAccess } from './hooks/refused-access';
import { serveStreams, type StreamOptions } from './routes/stream-route';
import { sendSecurityHeaders } from './hooks/security-headers';
import { cutOffSlowTransfers, TRANSFER_LIMITS, type TransferLimits } from './hooks/slow-transfers';
import { prefixOf, withoutPrefix } from './path-prefix';
import { requireHttps } from './hooks/transport-security';
import { serveWebPages } from './routes/web-pages';
import { correlationBindings, correlationHeaders } from './correlation-id';

/** What a page of another origin may read of an answer, besides what every page may. */
const EXPOSED_HEADERS = [
  ...['x-correlation-id', 'x-request-id', 'retry-after', BEACON_HEADER],
  // Of downloads.
  ...['content-disposition', 'x-total-people', 'x-derived-at'],
];

interface ServerOptions {
  readonly apollo: ApolloServer<Context>;
  readonly createLoaders: () => Loaders;
  readonly authenticator: Authenticator;
  readonly rateLimits: RateLimits;
  readonly publicUrl: string | null;
  /** The pages to try the API with; left out: none. */
  readonly explorer?: Explorer;
  /** Besides that of `publicUrl`; null: Apollo Studio's. */
  readonly corsOrigins: readonly string[] | null;
  /** Proxies whose X-Forwarded headers are trusted; null: none. */
  readonly trustProxy: number | readonly string[] | null;
  /** Time limit for one operation; 0: none. */
  readonly operationTimeoutMs: number;
  /** The accepted operations; null: all. */
  readonly persisted?: PersistedOperations | null;
  /** What subscriptions need; left out: there are none. */
  readonly streams?: StreamOptions;
  readonly maxImageBytes: number;
  /** The photos, and who may see them. */
  readonly local: LocalStore;
  readonly addresses: MediaAddresses;
  /** Notes who got which photo. */
  readonly notePhotoRead: NotePhotoRead;
  /** Notes who was refused. */
  readonly noteRefused: NoteRefusedAccess;
  readonly exports: ExportDownloads;
  readonly reports: ReportDownloads;
  readonly readiness: ReadinessChecks;
  /** What keeps evidence of when a device got answers; left out: nothing. */
  readonly contact?: ContactServices;
  /** What Prometheus gets; left out: nothing. */
  readonly metrics?: { readonly metrics: Metrics; readonly token: string | null };
  readonly log: Logger;
  /** How long headers may take to arrive. */
  readonly headersTimeoutMs?: number;
  /** How slowly a request may arrive, body included. */
  readonly transfer?: TransferLimits;
}

/**
 * A photo in base64 is a third longer. Room for three of the largest up to 46 MB, which leaves it to a photo's own check
 * to say what is wrong with it, and in any case for one; more goes as uploads, which are not held as text besides.
 */
const bodyLimit = (maxImageBytes: number): number =>
  Math.ceil(Math.max(Math.min(4 * maxImageBytes, 46_000_000), 1.5 * maxImageBytes)) + 1_048_576;
/** Headers that have not arrived after this time are not coming: a client that sends a byte a second holds nothing for long. */
const HEADERS_TIMEOUT_MS = 60_000;
/** How often Node looks for connections whose time is up; its default of 30 s would add half to the above. */
const TIMEOUT_CHECK_MS = 5000;
const STUDIO = 'https://studio.apollographql.com';

/** Fastify with every route of the service. Not yet listening. */
export async function createHttpServer(options: ServerOptions): Promise<FastifyInstance> {
  const { maxImageBytes, log, publicUrl, trustProxy, transfer = TRANSFER_LIMITS, explorer = null } = options;
  const { headersTimeoutMs = Math.min(HEADERS_TIMEOUT_MS, transfer.totalMs) } = options;
  const prefix = prefixOf(publicUrl);
  const faults = new FaultAnswers({ prefix });
  const app: FastifyInstance = Fastify({
    bodyLimit: bodyLimit(maxImageBytes),
    requestTimeout: transfer.totalMs,
    http: {
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, headersTimeoutMs),
      // Where the headers may take longer than the request, Node allows the longer time for both.
      headersTimeout: headersTimeoutMs,
      // A request without a Host header is answered by us: Node's refusal is not JSON.
      requireHostHeader: false,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: faults.badUrl,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    logger: false,
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, prefix),
    trustProxy: trustOf(trustProxy),
  });

  faults.register(app, log);
  if (trustProxy !== null) readForwarded(app, trustProxy);
  sendSecurityHeaders(app);
  await app.register(cors, {
    origin: [
      ...(options.corsOrigins ?? [STUDIO]),
      ...(publicUrl === null ? [] : [new URL(publicUrl).origin]),
    ],
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  });
  enterRequests(app);
  labelAnswers(app);
  noteRefusedAccess(app, options.noteRefused);
  drainOnStop(app);
  lingerAfterRefusals(app);
  if (trustProxy !== null) requireHttps(app, publicUrl);
  cutOffSlowTransfers(app, transfer);
  admitCallers(app, options);
  if (options.contact !== undefined) keepContact(app, options.contact);
  refuseCompressedBodies(app);
  acceptJson(app, bodyLimit(maxImageBytes));
  acceptMultipart(app, maxImageBytes);
  logRequests(app, log);

  const handler = graphqlHandler(app, options);
  serveExplorers(app, { handler, explorer, prefix });
  app.post('/graphql', handler);
  if (options.streams !== undefined) serveStreams(app, options, options.streams);
  await serveWebPages(app, { prefix, explorer: explorer !== null });
  serveMedia(app, options);
  serveExports(app, options.exports);
  serveReports(app, options.reports);
  serveHealth(app, options.readiness);
  if (options.metrics !== undefined) serveMetrics(app, options.metrics.metrics, options.metrics.token);
  return app;
}

/** What a request starts is logged with its id. A body that is read in between loses the scope, so it is entered again. */
function enterRequests(app: FastifyInstance): void {
  app.addHook('onRequest', ({ id: correlationId }, _reply, done) => withRequest({ correlationId }, done));
  app.addHook('preValidation', ({ id: correlationId, requester }, _reply, done) => {
    const { caller, staff } = requester;
    withRequest({ correlationId, caller, staff }, done);
  });
}

/** Adds the correlation id, and forbids caching. Routes whose answers may be cached, such as photos, override that. */
function labelAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ ...correlationHeaders(request.id), 'cache-control': 'no-store' });
    done();
  });
}

/** One line a request: the path without its query, which may carry variables. */
function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        ...correlationBindings(request.id),
        method: request.method,
        path: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}
