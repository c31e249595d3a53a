import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { toClientFault } from './format-error';
import { correlationBindings } from '../correlation-id';

/** Logs the errors whose cause the client does not see. */
export function logFaults(log: Logger, correlationId: string, errors: readonly GraphQLError[]): void {
  const ids = correlationBindings(correlationId);
  for (const error of errors) {
    const { internal, code } = toClientFault(error);
    const err = error.originalError ?? error;
    if (internal) log.error({ ...ids, path: error.path, err }, 'Internal error');
    else if (code === 'UNAVAILABLE') log.warn({ ...ids, err }, 'Unavailable');
  }
}
