import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import type { Logger } from 'pino';
import type { Context } from '../context';
import { sandboxExample } from './examples';
import { formatError, toClientFault } from './format-error';

/**
 * What one request may ask for; each bound leaves headroom over what real clients send. Tokens: a descriptor written
 * out in the document has 128, parsing is linear in them. Depth: the deepest path of the schema, page to office,
 * has 6. Aliases: a dashboard has a dozen. Complexity: a full page of 200 with every field costs about 8,000.
 */
export const GRAPHQL_LIMITS = { tokens: 5000, depth: 12, aliases: 30, complexity: 20_000 } as const;

/** Refuses operations that would make too many rows, before any of them runs. */
const complexityLimit = (schema: GraphQLSchema): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation({ request, document }) {
        const complexity = getComplexity({
          schema,
          query: document,
          ...(request.variables === undefined ? {} : { variables: request.variables }),
          ...(request.operationName === undefined ? {} : { operationName: request.operationName }),
          estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
        });
        if (complexity > GRAPHQL_LIMITS.complexity) {
          throw new GraphQLError(
            `The operation asks for too much: its complexity is ${complexity}, the limit ${GRAPHQL_LIMITS.complexity}; ask for fewer rows or fields`,
            { extensions: { code: 'BAD_USER_INPUT' } },
          );
        }
        return Promise.resolve();
      },
    }),
});

/** Gives every error the request id, and the log what the client is not told. */
const errorTrail = (log: Logger): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors({ errors, contextValue }) {
        for (const error of errors) {
          const { internal, code } = toClientFault(error);
          const err = error.originalError ?? error;
          if (internal) log.error({ reqId: contextValue.requestId, path: error.path, err }, 'Internal error');
          else if (code === 'UNAVAILABLE') log.warn({ reqId: contextValue.requestId, err }, 'Unavailable');
        }
        return Promise.resolve();
      },
      willSendResponse({ response, contextValue }) {
        if (response.body.kind === 'single') {
          const { singleResult } = response.body;
          const { requestId } = contextValue;
          if (singleResult.errors !== undefined) {
            singleResult.errors = singleResult.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, requestId },
            }));
          }
        }
        return Promise.resolve();
      },
    }),
});

/** The GraphQL server over this schema, with Apollo Sandbox as its page for browsers. Not yet started. */
export function createApolloServer(
  schema: GraphQLSchema,
  log: Logger,
  withKey: boolean,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    // Our own shutdown finishes what is in flight; Apollo's would end the process before that.
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: GRAPHQL_LIMITS.tokens },
    validationRules: [
      maxDepthRule({ n: GRAPHQL_LIMITS.depth, ignoreIntrospection: true }),
      maxAliasesRule({ n: GRAPHQL_LIMITS.aliases }),
    ],
    plugins: [
      complexityLimit(schema),
      errorTrail(log),
      ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false, ...sandboxExample(withKey) }),
    ],
    formatError,
  });
}
