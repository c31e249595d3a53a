import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { toClientFault } from './format-error';

/** Gives the log what the client is not told. */
export function logFaults(log: Logger, requestId: string, errors: readonly GraphQLError[]): void {
  for (const error of errors) {
    const { internal, code } = toClientFault(error);
    const err = error.originalError ?? error;
    if (internal) log.error({ reqId: requestId, path: error.path, err }, 'Internal error');
    else if (code === 'UNAVAILABLE') log.warn({ reqId: requestId, err }, 'Unavailable');
  }
}
