import type { ApolloServer } from '@apollo/server';
import type { IncomingMessage } from 'node:http';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Context, Loaders } from '../../context';
import { withDeadline } from '../../deadline';
import { unavailable } from '../../errors';
import { DocumentBounds } from './bounds/document-bounds';
import { boundedDocument } from './bounds/sent-request';
import type { PersistedOperations } from './persisted-operations';
import { correlationBindings, correlationExtensions } from '../correlation-id';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

interface GraphqlHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  readonly createLoaders: () => Loaders;
  /** How long an operation may take; 0: as long as it does. */
  readonly operationTimeoutMs: number;
  /** null: all operations are accepted. */
  readonly persisted?: PersistedOperations | null;
  readonly log: Logger;
}

/**
 * Hands requests to Apollo, and gives every error the correlation id.
 * @param app closes once the operations that were answered before they ended have ended
 */
export function graphqlHandler(app: FastifyInstance, options: GraphqlHandlerOptions): Handler {
  const { apollo, createLoaders } = options;
  const documents = new DocumentBounds();
  const overdue = new Set<Promise<unknown>>();
  app.addHook('onClose', async () => void (await Promise.allSettled(overdue)));
  const handle = fastifyApolloHandler(apollo, {
    context: (request): Promise<Context> =>
      Promise.resolve({
        requester: request.requester,
        requestId: request.id,
        loaders: createLoaders(),
      }),
  }) as unknown as Handler;
  return async (request, reply) => {
    const source = boundedDocument(request);
    options.persisted?.requireListed(source);
    if (typeof source === 'string') documents.check(source, request.requester);
    const body = await withinTime(handle(request, reply), request, options, overdue);
    return reply.statusCode >= 400 && typeof body === 'string' ? withCorrelationId(body, request.id) : body;
  };
}

/**
 * Answers UNAVAILABLE once the time is up. What was begun goes on by itself: a punch that is being recorded cannot be
 * taken back half way, so the answer says that it may have been, and its requestId makes sending it again safe.
 */
async function withinTime(
  answer: Promise<unknown>,
  { id, raw }: FastifyRequest,
  { operationTimeoutMs, log }: GraphqlHandlerOptions,
  overdue: Set<Promise<unknown>>,
): Promise<unknown> {
  if (operationTimeoutMs === 0) return answer;
  // An upload arrives while its operation runs. A slow line is no reason to give up the work: uploads have separate limits.
  const arrival = arrived(raw, operationTimeoutMs);
  try {
    await Promise.race([arrival.done, answer]);
  } finally {
    arrival.stop();
  }
  return withDeadline(answer, operationTimeoutMs, () => {
    // Nobody waits for it any more; what it ends with is in the log all the same.
    const end = answer
      .catch((err: unknown) =>
        log.warn({ ...correlationBindings(id), err }, 'An operation failed after its time limit'),
      )
      .finally(() => overdue.delete(end));
    overdue.add(end);
    throw unavailable(
      `The operation took longer than ${operationTimeoutMs} ms. It may still take effect. Repeat a check with the same requestId. Before you repeat another operation, look whether it took effect`,
    );
  });
}

/** How often an upload is looked at. */
const ARRIVAL_TICK_MS = 100;

/**
 * Resolves once the whole request is here, or its connection is gone, or the upload waited so long for us.
 * @param ms how long nobody may read the request
 */
function arrived(raw: IncomingMessage, ms: number): { readonly done: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const done = new Promise<void>((resolve) => {
    if (raw.complete || raw.destroyed) return resolve();
    let unreadMs = 0;
    timer = setInterval(() => {
      if (raw.readableFlowing !== true) unreadMs += ARRIVAL_TICK_MS;
      if (unreadMs >= ms) resolve();
    }, ARRIVAL_TICK_MS);
    raw.once('end', resolve).once('close', resolve);
  });
  return { done, stop: () => clearInterval(timer) };
}

interface ErrorBody {
  readonly errors?: readonly { readonly extensions?: object }[];
}

/** Errors that Apollo answers before its plugins run have no context, and so no correlation id yet. */
function withCorrelationId(body: string, id: string): string {
  const { errors = [], ...rest } = JSON.parse(body) as ErrorBody;
  return JSON.stringify({
    errors: errors.map((error) => ({
      ...error,
      extensions: { ...error.extensions, ...correlationExtensions(id) },
    })),
    ...rest,
  });
}
