import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
} from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import type { Caller } from '../../context';
import { RollcallError } from '../../errors';
import { Gate } from '../../resolvers/access-policy/access-policy';
import { ComplexityMemory } from './complexity-memory';

/**
 * What one request may ask for; each bound leaves headroom over what real clients send. Tokens: a descriptor written
 * out in the document has 128, parsing is linear in them. Depth: the deepest path of the schema, page to office,
 * has 6. Aliases: a dashboard has a dozen. Complexity: a full page of 200 with every field costs about 8,000. Nodes:
 * fragments that use each other double with every one; no document that people write comes to a tenth of this.
 */
const GRAPHQL_LIMITS = {
  tokens: 5000,
  depth: 12,
  aliases: 30,
  complexity: 20_000,
  nodes: 10_000,
} as const;

/** Before execution Apollo answers 500 to whatever does not say otherwise. */
const REFUSED = { code: 'BAD_USER_INPUT', http: { status: 400 } };

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

export const PARSE_OPTIONS = { maxTokens: GRAPHQL_LIMITS.tokens } as const;
/** Besides those of the specification. */
export const VALIDATION_RULES = [
  maxDepthRule({ n: GRAPHQL_LIMITS.depth, ignoreIntrospection: true, ...reported }),
  maxAliasesRule({ n: GRAPHQL_LIMITS.aliases, ...reported }),
];

/** What came with the document. */
interface OperationInput {
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

/** What an operation has to stand before any of it runs, whichever way it came. */
export class OperationRules {
  private readonly gate: Gate;
  private readonly memory: ComplexityMemory;

  constructor(private readonly schema: GraphQLSchema) {
    this.gate = new Gate(schema);
    this.memory = new ComplexityMemory(schema);
  }

  /** Whether the caller may use all of it. @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, with the HTTP status */
  authorize(caller: Caller, document: DocumentNode, operation: OperationDefinitionNode): void {
    try {
      this.gate.check(caller, document, operation);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      const status = error.code === 'UNAUTHENTICATED' ? 401 : 403;
      throw new GraphQLError(error.message, {
        originalError: error,
        extensions: { code: error.code, http: { status } },
      });
    }
  }

  /** Refuses what would make too many rows. @throws GraphQLError */
  bound(document: DocumentNode, input: OperationInput): void {
    const complexity = this.memory.of(document, () => complexityOf(this.schema, document, input));
    if (complexity > GRAPHQL_LIMITS.complexity) {
      throw tooMuch(`complexity ${complexity} exceeds the limit of ${GRAPHQL_LIMITS.complexity}`);
    }
  }
}

const tooMuch = (message: string): GraphQLError =>
  new GraphQLError(`Operation too large: ${message}. Request fewer rows or fields`, {
    extensions: REFUSED,
  });

/** @throws GraphQLError where fragments that use each other multiply to more fields than can be counted */
function complexityOf(
  schema: GraphQLSchema,
  query: DocumentNode,
  { variables, operationName }: OperationInput,
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
      throw tooMuch(`more than ${GRAPHQL_LIMITS.nodes} fields, with fragments expanded`);
    }
    // Variables that do not fit their types: nothing will run, and execution says what is wrong in its own words.
    if (blamed.kind === Kind.VARIABLE_DEFINITION) return 0;
    // An argument that is null where it must not be.
    throw new GraphQLError((error as GraphQLError).message, { nodes: blamed, extensions: REFUSED });
  }
}
