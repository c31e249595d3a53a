import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { Caller, Context } from '../context';
import { RollcallError } from '../errors';

/** Whether a caller may use the API's operations: the one place that decides it. Closed by default. */
export function mayCall(caller: Caller): boolean {
  switch (caller.kind) {
    case 'admin':
    case 'open':
      return true;
    case 'anonymous':
      return false;
  }
}

/**
 * Puts the gate before the resolver of every operation of the schema, and so before its arguments are validated.
 * Done on the built schema: a global middleware of TypeGraphQL runs for every field of every answer, which costs more
 * than all resolvers together.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const field of roots.flatMap((root) => Object.values(root?.getFields() ?? {}))) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context: Context, info): unknown => {
      if (!mayCall(context.caller)) {
        throw new RollcallError('UNAUTHENTICATED', 'Send the API key: Authorization: Bearer <key>');
      }
      return resolve(source, args, context, info);
    };
  }
  return schema;
}
