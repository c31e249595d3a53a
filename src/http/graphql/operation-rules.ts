import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  GraphQLError,
  TypeInfo,
  ValidationContext,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { createComplexityRule, fieldExtensionsEstimator, simpleEstimator } from 'graphql-query-complexity';
import type { Requester } from '../../services/access/requester';
import { RollcallError } from '../../errors';
import { Gate } from '../../resolvers/access-policy/access-policy';
import { readVariables, type Variables } from './bounds/variables';
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

/** Before execution Apollo answers 500 to any error without a status. */
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

/** What an operation has to stand before any of it runs, whichever way it came. */
export class OperationRules {
  private readonly gate: Gate;
  private readonly memory: ComplexityMemory;

  constructor(private readonly schema: GraphQLSchema) {
    this.gate = new Gate(schema);
    this.memory = new ComplexityMemory(schema);
  }

  /** Whether the caller may use all of it. @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, with the HTTP status */
  authorize(requester: Requester, document: DocumentNode, operation: OperationDefinitionNode): void {
    try {
      this.gate.check(requester, document, operation);
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      const status = error.code === 'UNAUTHENTICATED' ? 401 : 403;
      throw new GraphQLError(error.message, {
        originalError: error,
        extensions: { code: error.code, http: { status } },
      });
    }
  }

  /**
   * Reads the variables by their types, and refuses an operation that would make too many rows.
   * @returns its complexity
   * @throws GraphQLError
   */
  bound(document: DocumentNode, operation: OperationDefinitionNode, sent: Variables): number {
    const variables = readVariables(this.schema, operation, sent);
    const complexity = this.memory.of(document, () =>
      complexityOf(this.schema, document, operation, variables),
    );
    if (complexity > GRAPHQL_LIMITS.complexity) {
      const limit = GRAPHQL_LIMITS.complexity;
      throw tooMuch(`complexity ${complexity} exceeds the limit of ${limit}`, { complexity, limit });
    }
    return complexity;
  }
}

/** @param bound for clients that choose smaller pages by themselves */
function tooMuch(
  what: string,
  bound: { readonly complexity?: number; readonly limit?: number } = {},
): GraphQLError {
  const message = `Operation too large: ${what}. Request fewer rows, dates or fields`;
  const originalError = new RollcallError('BAD_USER_INPUT', message, bound);
  return new GraphQLError(message, { originalError, extensions: REFUSED });
}

const ROOTS = {
  query: 'getQueryType',
  mutation: 'getMutationType',
  subscription: 'getSubscriptionType',
} as const;

/**
 * Counts with the library's visitor, which is given the variables: by itself it reads those of every operation, and
 * reports each fault with the whole value.
 * @throws GraphQLError if fragments that use each other multiply to more fields than can be counted
 */
function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const faults: GraphQLError[] = [];
  const context = new ValidationContext(schema, document, new TypeInfo(schema), (fault) => {
    faults.push(fault);
  });
  const counter = createComplexityRule({
    maximumComplexity: Infinity,
    estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
    maxQueryNodes: GRAPHQL_LIMITS.nodes,
  })(context);
  counter.variableValues = variables;
  let complexity: number;
  try {
    complexity = counter.nodeComplexity(operation, schema[ROOTS[operation.operation]]() ?? undefined);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw tooMuch(`more than ${GRAPHQL_LIMITS.nodes} fields, with fragments expanded`);
  }
  const [fault] = faults;
  if (fault === undefined) return complexity;
  // An argument that is null if it must not be.
  throw new GraphQLError(fault.message, { nodes: fault.nodes ?? null, extensions: REFUSED });
}
