import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context, Loaders } from '../context';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** Hands requests to Apollo, and gives every error the request id. */
export function graphqlHandler(apollo: ApolloServer<Context>, createLoaders: () => Loaders): Handler {
  const handle = fastifyApolloHandler(apollo, {
    context: (request): Promise<Context> =>
      Promise.resolve({
        caller: request.caller,
        requestId: request.id,
        address: request.ip,
        loaders: createLoaders(),
      }),
  }) as unknown as Handler;
  return async (request, reply) => {
    const body = await handle(request, reply);
    return reply.statusCode >= 400 && typeof body === 'string' ? withRequestId(body, request.id) : body;
  };
}

interface ErrorBody {
  readonly errors?: readonly { readonly extensions?: object }[];
}

/** What Apollo refuses before it runs its plugins has no context, so not the request id either. */
function withRequestId(body: string, requestId: string): string {
  const { errors = [], ...rest } = JSON.parse(body) as ErrorBody;
  return JSON.stringify({
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
    ...rest,
  });
}
