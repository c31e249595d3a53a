/**
 * Every fault that a client may learn of. `code` is part of the public API (`extensions.code`); anything
 * that is not a RollcallError is a bug or an outage and reaches the client masked.
 */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'FACE_ALREADY_ENROLLED'
  | 'TOO_MANY_REQUESTS'
  | 'UNAVAILABLE';

export class RollcallError extends Error {
  override readonly name = 'RollcallError';

  /**
   * @param code what kind of fault it is
   * @param message for the client: names the field and the bound, never carries a photo, a descriptor or a key
   * @param details more for `extensions`, e.g. `{ field }`
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A client's input is at fault: `field` names it as in the schema, `message` says the bound. */
export const badInput = (field: string, message: string): RollcallError =>
  new RollcallError('BAD_USER_INPUT', `${field}: ${message}`, { field });

export const notFound = (field: string, message: string): RollcallError =>
  new RollcallError('NOT_FOUND', `${field}: ${message}`, { field });

/** Why a change of plans or decisions is in conflict: `extensions.reason`. */
type ConflictReason = 'OVERLAP' | 'IN_USE' | 'STALE';

export const conflict = (field: string, message: string, reason?: ConflictReason): RollcallError =>
  new RollcallError('CONFLICT', message, reason === undefined ? { field } : { field, reason });

/** Something this service needs is away for the moment; the same request may well succeed later. */
export const unavailable = (
  message: string,
  cause?: unknown,
  details: Readonly<{ retryAfterSeconds?: number }> = {},
): RollcallError =>
  new RollcallError('UNAVAILABLE', message, details, cause === undefined ? undefined : { cause });
