import { ApolloServer, type ApolloServerPlugin, type GraphQLRequest } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, Kind, type DocumentNode, type GraphQLSchema, type ValidationContext } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import type { Logger } from 'pino';
import type { Context } from '../context';
import { RollcallError } from '../errors';
import { Gate } from '../resolvers/gate';
import { ComplexityMemory } from './complexity-memory';
import { sandboxExample, type ExampleOptions } from './examples';
import { createFormatter, toClientFault } from './format-error';
import type { PersistedOperations } from './persisted-operations';

/**
 * What one request may ask for; each bound leaves headroom over what real clients send. Tokens: a descriptor written
 * out in the document has 128, parsing is linear in them. Depth: the deepest path of the schema, page to office,
 * has 6. Aliases: a dashboard has a dozen. Complexity: a full page of 200 with every field costs about 8,000. Nodes:
 * fragments that use each other double with every one; no document that people write comes to a tenth of this.
 */
export const GRAPHQL_LIMITS = {
  tokens: 5000,
  depth: 12,
  aliases: 30,
  complexity: 20_000,
  nodes: 10_000,
} as const;

/** Before execution Apollo answers 500 to whatever does not say otherwise. */
const REFUSED = { code: 'BAD_USER_INPUT', http: { status: 400 } };

const tooMuch = (message: string): GraphQLError =>
  new GraphQLError(`The operation asks for too much: ${message}; ask for fewer rows or fields`, {
    extensions: REFUSED,
  });

/** Asks the gate about the whole operation, before any of it runs. */
function authorization(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const gate = new Gate(schema);
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ document, operation, contextValue }) {
          try {
            // Without one Apollo says itself what is wrong.
            if (operation !== undefined) gate.check(contextValue.caller, document, operation);
          } catch (error) {
            if (!(error instanceof RollcallError)) throw error;
            const status = error.code === 'UNAUTHENTICATED' ? 401 : 403;
            throw new GraphQLError(error.message, {
              originalError: error,
              extensions: { code: error.code, http: { status } },
            });
          }
          return Promise.resolve();
        },
      }),
  };
}

/** Refuses operations that would make too many rows, before any of them runs. */
function complexityLimit(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const memory = new ComplexityMemory(schema);
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ request, document }) {
          const complexity = memory.of(document, () => complexityOf(schema, document, request));
          if (complexity > GRAPHQL_LIMITS.complexity) {
            throw tooMuch(`its complexity is ${complexity}, the limit ${GRAPHQL_LIMITS.complexity}`);
          }
          return Promise.resolve();
        },
      }),
  };
}

/** @throws GraphQLError where fragments that use each other multiply to more fields than can be counted */
function complexityOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  { variables, operationName }: GraphQLRequest,
): number {
  // With one operation its name chooses nothing, and the library cannot take a name for one that has none.
  const several = query.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1;
  try {
    return getComplexity({
      schema,
      query,
      ...(variables === undefined ? {} : { variables }),
      ...(operationName === undefined || !several ? {} : { operationName }),
      estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
      maxQueryNodes: GRAPHQL_LIMITS.nodes,
    });
  } catch (error) {
    const blamed = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
    if (blamed === undefined) {
      throw tooMuch(`it has more than ${GRAPHQL_LIMITS.nodes} fields when its fragments are written out`);
    }
    // Variables that do not fit their types: nothing will run, and execution says what is wrong in its own words.
    if (blamed.kind === Kind.VARIABLE_DEFINITION) return 0;
    // An argument that is null where it must not be.
    throw new GraphQLError((error as GraphQLError).message, { nodes: blamed, extensions: REFUSED });
  }
}

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
        // Answers are about people; Apollo's own plugin, which says so too, costs a hook for every field.
        response.http.headers.set('cache-control', 'no-store');
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

/** A rule that throws, as these do by default, is an internal error to Apollo; one that reports is a refusal. */
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError): void =>
      context?.reportError(
        new GraphQLError(error.message.replace(/^Syntax Error: (.*), found (\d+)\.$/, '$1: $2')),
      ),
  ],
};

/** How much of itself the API tells, and which operations it takes. */
export interface ApolloOptions {
  /** Whether the schema can be asked for, and a misspelt name is answered with the right one. */
  readonly introspection?: boolean;
  /** Whether errors say how alike two faces are. */
  readonly similarities?: boolean;
  /** null: all operations are taken. */
  readonly persisted?: PersistedOperations | null;
}

/** The GraphQL server over this schema, with Apollo Sandbox as its page for browsers. Not yet started. */
export function createApolloServer(
  schema: GraphQLSchema,
  log: Logger,
  example: ExampleOptions,
  { introspection = true, similarities = true, persisted = null }: ApolloOptions = {},
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    ...(persisted === null ? {} : { persistedQueries: persisted.lookup }),
    includeStacktraceInErrorResponses: false,
    // Our own shutdown finishes what is in flight; Apollo's would end the process before that.
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: GRAPHQL_LIMITS.tokens },
    validationRules: [
      maxDepthRule({ n: GRAPHQL_LIMITS.depth, ignoreIntrospection: true, ...reported }),
      maxAliasesRule({ n: GRAPHQL_LIMITS.aliases, ...reported }),
    ],
    plugins: [
      authorization(schema),
      complexityLimit(schema),
      errorTrail(log),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageLocalDefault({
        embed: { runTelemetry: false },
        footer: false,
        ...sandboxExample(example),
      }),
    ],
    formatError: createFormatter({ suggestions: introspection, similarities }),
  });
}
