import { isObjectType } from 'graphql';
import type { MiddlewareFn } from 'type-graphql';
import type { Caller, Context } from '../context';
import { RollcallError } from '../errors';

/** Whether a caller may use the API's operations: the one place that decides it. Closed by default. */
export function mayCall(caller: Caller): boolean {
  switch (caller.kind) {
    case 'admin':
      return true;
    case 'anonymous':
      return false;
  }
}

/** Runs before every operation's resolver, and before its arguments are validated. */
export const gate: MiddlewareFn<Context> = ({ context, info }, next) => {
  const { parentType, schema } = info;
  const isOperation =
    isObjectType(parentType) &&
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(parentType);
  if (isOperation && !mayCall(context.caller)) {
    throw new RollcallError('UNAUTHENTICATED', 'Send the API key: Authorization: Bearer <key>');
  }
  return next();
};
