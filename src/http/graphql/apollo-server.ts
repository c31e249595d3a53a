import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { GraphQLError, OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Context } from '../../context';
import { CostlyOperations } from './costly-operations';
import { sandboxExample, type ExampleOptions } from './examples';
import { logFaults } from './fault-log';
import { VisibleScores } from '../../services/access/visible-scores';
import { createFormatter, toClientFault } from './format-error';
import { OperationRules, PARSE_OPTIONS, VALIDATION_RULES } from './operation-rules';
import type { PersistedOperations } from './persisted-operations';
import type { NoteRefusedAccess } from '../hooks/refused-access';
import { correlationExtensions } from '../correlation-id';

/** Has an operation stand the rules before any of it runs. */
function rulesFirst(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const rules = new OperationRules(schema);
  const costly = new CostlyOperations();
  return {
    requestDidStart() {
      let leave: (() => void) | null = null;
      return Promise.resolve({
        async didResolveOperation({ request, document, operation, contextValue }) {
          // Without one Apollo says itself what is wrong.
          if (operation === undefined) return;
          rules.authorize(contextValue.requester, document, operation);
          if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw notHere();
          const complexity = rules.bound(document, operation, request.variables ?? {});
          leave = await costly.enter(contextValue.requester, complexity);
        },
        // Called after every operation, also after one that failed.
        willSendResponse() {
          leave?.();
          return Promise.resolve();
        },
      });
    },
  };
}

/** Apollo would run it once, as if it were a query. */
const notHere = (): GraphQLError =>
  new GraphQLError('Subscriptions require a stream; POST them to /graphql/stream', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/** Adds the correlation id to every error, logs what the client does not get, and notes refused requesters in the audit trail. */
const errorTrail = (log: Logger, noteRefused: NoteRefusedAccess): ApolloServerPlugin<Context> => ({
  requestDidStart: () =>
    Promise.resolve({
      didEncounterErrors({ errors, contextValue }) {
        logFaults(log, contextValue.requestId, errors);
        // Refused within an operation that is answered with 200. If the whole request is refused, the status says so.
        if (errors.some((error) => error.path !== undefined && toClientFault(error).code === 'FORBIDDEN')) {
          noteRefused('graphql', contextValue.requester);
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
              extensions: { ...error.extensions, ...correlationExtensions(requestId) },
            }));
          }
        }
        return Promise.resolve();
      },
    }),
});

/** What the API reveals about itself, and which operations it accepts. */
interface ApolloOptions {
  /** Whether the schema can be asked for, and a misspelt name is answered with the right one. */
  readonly introspection?: boolean;
  /** Decides how much errors say of how alike two faces are. */
  readonly scores?: VisibleScores;
  /** null: all operations are accepted. */
  readonly persisted?: PersistedOperations | null;
  /** Whether browsers get Apollo Sandbox. */
  readonly sandbox?: boolean;
  /** Notes who was refused within an operation. */
  readonly noteRefused?: NoteRefusedAccess;
}

/** The GraphQL server over this schema. Not yet started. */
export function createApolloServer(
  schema: GraphQLSchema,
  log: Logger,
  example: ExampleOptions,
  {
    introspection = true,
    scores = new VisibleScores('always'),
    persisted = null,
    noteRefused = () => undefined,
    sandbox = true,
  }: ApolloOptions = {},
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
    parseOptions: PARSE_OPTIONS,
    validationRules: VALIDATION_RULES,
    plugins: [
      rulesFirst(schema),
      errorTrail(log, noteRefused),
      ApolloServerPluginCacheControlDisabled(),
      sandbox
        ? ApolloServerPluginLandingPageLocalDefault({
            embed: { runTelemetry: false },
            footer: false,
            ...sandboxExample(example),
          })
        : ApolloServerPluginLandingPageDisabled(),
    ],
    formatError: createFormatter({ suggestions: introspection, scores }),
  });
}
