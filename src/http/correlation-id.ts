/**
 * The correlation id is the service's own id of one HTTP request: in the answer's headers, in every error and in the
 * log. It was called request id before, so each place has the older name as well. It has nothing to do with `requestId`
 * of a check, which is the client's idempotency key.
 */

export const correlationHeaders = (
  id: string,
): Readonly<Record<'x-correlation-id' | 'x-request-id', string>> => ({
  'x-correlation-id': id,
  'x-request-id': id,
});

/** For `extensions` of an error. `requestId` is deprecated. */
export const correlationExtensions = (id: string): { correlationId: string; requestId: string } => ({
  correlationId: id,
  requestId: id,
});

/** For a line of the log. */
export const correlationBindings = (id: string): { correlationId: string; reqId: string } => ({
  correlationId: id,
  reqId: id,
});
