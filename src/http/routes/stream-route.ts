import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  createSourceEventStream,
  execute,
  GraphQLError,
  Kind,
  type ExecutionArgs,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { ExecutionResult } from 'graphql-sse';
import type { Logger } from 'pino';
import type { Context, Loaders } from '../../context';
import type { Requester } from '../../services/access/requester';
import { RollcallError } from '../../errors';
import type { Authenticator } from '../hooks/authenticator';
import { DocumentBounds } from '../graphql/bounds/document-bounds';
import { boundedDocument } from '../graphql/bounds/sent-request';
import { eventStream } from '../graphql/event-stream';
import { STATUS } from './fault-answers';
import { logFaults } from '../graphql/fault-log';
import { toClientFault } from '../graphql/format-error';
import { OpenStreams, type StreamLimits, type StreamPlace } from '../graphql/open-streams';
import { OperationRules } from '../graphql/operation-rules';
import type { PersistedOperations } from '../graphql/persisted-operations';
import {
  readDocument,
  readStreamRequest,
  RequestFaults,
  requireSubscription,
  withCode,
  type StreamRequest,
  type WatchedOperation,
} from '../graphql/stream-request';
import { correlationExtensions } from '../correlation-id';

export interface StreamOptions {
  readonly schema: GraphQLSchema;
  readonly limits: StreamLimits;
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

interface StreamRouteServices {
  readonly authenticator: Authenticator;
  readonly createLoaders: () => Loaders;
  readonly persisted?: PersistedOperations | null;
  readonly log: Logger;
}

/** Subscriptions, at POST /graphql/stream. Apollo has no part in them, so what it does for queries is done here. */
export function serveStreams(
  app: FastifyInstance,
  services: StreamRouteServices,
  options: StreamOptions,
): void {
  const streams = new OpenStreams(options.limits);
  const route = new StreamRoute(services, options);
  app.addHook('preClose', (done) => {
    streams.close();
    done();
  });
  app.post('/graphql/stream', async (request, reply) => {
    const place = streams.enter(request.requester.caller);
    reply.raw.once('close', () => place.leave());
    try {
      return await route.open(request, reply, place);
    } catch (error) {
      place.leave();
      return route.refuse(error, request, reply);
    }
  });
}

class StreamRoute {
  private readonly rules: OperationRules;
  private readonly documents = new DocumentBounds();

  constructor(
    private readonly services: StreamRouteServices,
    private readonly options: StreamOptions,
  ) {
    this.rules = new OperationRules(options.schema);
  }

  /** @throws RequestFaults, GraphQLError, RollcallError before there is a stream */
  async open(request: FastifyRequest, reply: FastifyReply, { over }: StreamPlace): Promise<FastifyReply> {
    refuseOtherTypes(request, reply);
    boundedDocument(request);
    const wanted = readStreamRequest(request.body, this.services.persisted ?? null);
    this.documents.check(wanted.source, request.requester);
    const watched = readDocument(this.options.schema, wanted);
    this.rules.authorize(request.requester, watched.document, watched.operation);
    requireSubscription(watched.operation);
    this.rules.bound(watched.document, watched.operation, wanted.variables);

    const args = this.argsFor(watched, wanted);
    const contextValue = this.contextFor(request.requester, request);
    const source = await createSourceEventStream({ ...args, contextValue });
    if ('errors' in source || !(Symbol.asyncIterator in source)) {
      throw new RequestFaults((source.errors ?? []).map(ofVariables));
    }
    const renew = (): Promise<Requester> => this.renew(request, watched);
    const stream = eventStream({
      source: source[Symbol.asyncIterator](),
      renew,
      answer: async (event) => {
        // Another context for each: what was loaded for the one before may have changed since.
        const contextValue = this.contextFor(await renew(), request);
        return this.answerOf(await execute({ ...args, contextValue, rootValue: event }), request.id);
      },
      lastWords: (error) => this.lastWords(error, request.id),
      over,
    });
    return (
      reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store, no-transform')
        // nginx would keep events until it has a page of them.
        .header('x-accel-buffering', 'no')
        .send(stream)
    );
  }

  /** Answers what is wrong before there is a stream, as /graphql does. */
  refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const errors =
      error instanceof RequestFaults ? error.errors : error instanceof GraphQLError ? [error] : null;
    // Of the request as such.
    if (errors === null) throw error;
    const [first] = errors;
    const { code } = toClientFault(first);
    const status = code in STATUS ? STATUS[code as keyof typeof STATUS] : 500;
    const said = (first?.extensions['http'] as { status?: number } | undefined)?.status;
    return reply.code(said ?? status).send({ errors: this.formatted(errors, request.id) });
  }

  /** Whether the credentials are still good, and good enough: they may have been revoked since. */
  private async renew({ headers, ip }: FastifyRequest, watched: WatchedOperation): Promise<Requester> {
    const caller = await this.services.authenticator.authenticate(headers.authorization, ip);
    if (caller === null) throw new RollcallError('UNAUTHENTICATED', 'API key not valid');
    this.rules.authorize(caller, watched.document, watched.operation);
    return caller;
  }

  private argsFor(
    { document }: WatchedOperation,
    { operationName, variables }: StreamRequest,
  ): ExecutionArgs {
    const { schema } = this.options;
    return { schema, document, variableValues: variables, operationName: operationName ?? null };
  }

  private contextFor(requester: Requester, { id: requestId }: FastifyRequest): Context {
    return { requester, requestId, loaders: this.services.createLoaders() };
  }

  private answerOf(
    { data, errors }: { data?: unknown; errors?: readonly GraphQLError[] },
    requestId: string,
  ) {
    const answer = errors === undefined ? { data } : { data, errors: this.formatted(errors, requestId) };
    return answer as ExecutionResult;
  }

  /** What is away for the moment ends a stream silently: the client comes again. */
  private lastWords(error: unknown, requestId: string): ExecutionResult | null {
    const fault =
      error instanceof GraphQLError
        ? error
        : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });
    const errors = this.formatted([fault], requestId);
    return toClientFault(fault).code === 'UNAVAILABLE' ? null : ({ errors } as unknown as ExecutionResult);
  }

  private formatted(errors: readonly GraphQLError[], requestId: string): GraphQLFormattedError[] {
    logFaults(this.services.log, requestId, errors);
    return errors.map((error) => {
      const formatted = this.options.formatError(error.toJSON(), error);
      return { ...formatted, extensions: { ...formatted.extensions, ...correlationExtensions(requestId) } };
    });
  }
}

/** A form of another site can send anything but JSON; and what is answered is no JSON. */
function refuseOtherTypes({ headers }: FastifyRequest, reply: FastifyReply): void {
  if (headers['content-type']?.startsWith('application/json') !== true) {
    void reply.code(415);
    throw new RollcallError('BAD_USER_INPUT', 'Content type must be application/json');
  }
  const { accept = '*/*' } = headers;
  if (!/text\/event-stream|\*\/\*/.test(accept)) {
    void reply.code(406);
    throw new RollcallError('BAD_USER_INPUT', 'The request must accept text/event-stream');
  }
}

/** A variable that does not fit has no code of graphql-js's own. */
const ofVariables = (error: GraphQLError): GraphQLError =>
  error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION ? withCode(error, 'BAD_USER_INPUT') : error;
