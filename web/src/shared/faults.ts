/** The service's codes (extensions.code), and those that the way to it can fail with. */
export type FaultCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'FACE_ALREADY_ENROLLED'
  | 'TOO_MANY_REQUESTS'
  | 'UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'
  /** The server is older than this page, or newer. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** Nobody answered. */
  | 'OFFLINE';

export class ApiFault extends Error {
  override readonly name = 'ApiFault';

  constructor(
    readonly code: FaultCode,
    message: string,
    /** Further fields of the error: `field`, `reason`, `hint`, `photo`, `employeeId`, `retryAfterSeconds`. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  get retryAfterMs(): number | null {
    const seconds = this.details['retryAfterSeconds'];
    return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : null;
  }
}

export const isFault = (error: unknown, ...codes: readonly FaultCode[]): error is ApiFault =>
  error instanceof ApiFault && codes.includes(error.code);
