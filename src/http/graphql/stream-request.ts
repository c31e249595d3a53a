import {
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { z } from 'zod';
import { RollcallError } from '../../errors';
import { PARSE_OPTIONS, VALIDATION_RULES } from './operation-rules';
import type { PersistedOperations } from './persisted-operations';

const BODY = z.object({
  query: z.string().nullish(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.object({ persistedQuery: z.object({ sha256Hash: z.string() }).nullish() }).nullish(),
});

/** What a client wants to watch. */
export interface StreamRequest {
  readonly source: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @throws RollcallError BAD_USER_INPUT; FORBIDDEN for what is not on the list */
export function readStreamRequest(body: unknown, persisted: PersistedOperations | null): StreamRequest {
  const parsed = BODY.safeParse(body);
  if (!parsed.success) {
    throw new RollcallError(
      'BAD_USER_INPUT',
      'The body must be a GraphQL request in JSON, with query and optionally operationName and variables',
    );
  }
  const { query, operationName, variables, extensions } = parsed.data;
  persisted?.requireListed(query);
  const id = extensions?.persistedQuery?.sha256Hash;
  const source = query ?? (id === undefined ? undefined : persisted?.bodyOf(id));
  if (source === undefined) throw new RollcallError('BAD_USER_INPUT', 'query: must be a string');
  return { source, operationName: operationName ?? undefined, variables: variables ?? {} };
}

export interface WatchedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** The document, valid by the schema and within its bounds. @throws GraphQLError[] as Apollo would answer them */
export function readDocument(
  schema: GraphQLSchema,
  { source, operationName }: StreamRequest,
): WatchedOperation {
  const document = parsed(source);
  const faults = validate(schema, document, [...specifiedRules, ...VALIDATION_RULES]);
  if (faults.length > 0) {
    throw new RequestFaults(faults.map((fault) => withCode(fault, 'GRAPHQL_VALIDATION_FAILED')));
  }
  const operation = getOperationAST(document, operationName);
  if (operation == null) {
    throw refused('Operation not found in the document; name one of its operations in operationName');
  }
  return { document, operation };
}

/** @throws RequestFaults for queries and mutations: they have their own address and limits */
export function requireSubscription({ operation }: OperationDefinitionNode): void {
  if (operation !== OperationTypeNode.SUBSCRIPTION) {
    throw refused('Only subscriptions can be streamed; POST queries and mutations to /graphql');
  }
}

/** What is wrong with a request before there is a stream. */
export class RequestFaults extends Error {
  override readonly name = 'RequestFaults';

  constructor(readonly errors: readonly GraphQLError[]) {
    super('Request refused');
  }
}

export const withCode = (fault: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(fault.message, {
    nodes: fault.nodes ?? null,
    source: fault.source ?? null,
    positions: fault.positions ?? null,
    originalError: fault.originalError ?? null,
    extensions: { code, http: { status: 400 } },
  });

const refused = (message: string): RequestFaults =>
  new RequestFaults([
    new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } }),
  ]);

function parsed(source: string): DocumentNode {
  try {
    return parse(source, PARSE_OPTIONS);
  } catch (error) {
    throw error instanceof GraphQLError
      ? new RequestFaults([withCode(error, 'GRAPHQL_PARSE_FAILED')])
      : error;
  }
}
