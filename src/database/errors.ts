/**
 * What a database error means, whoever wraps it. Codes are PostgreSQL's SQLSTATEs ("PostgreSQL Error Codes" in its
 * manual) or Node's system error codes.
 */

const UNIQUE_VIOLATIONS = ['23505'];
/** foreign_key_violation, and restrict_violation, which PostgreSQL 18 says where ON DELETE RESTRICT refuses. */
const FOREIGN_KEY_VIOLATIONS = ['23503', '23001'];

const LOST_CODES = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EAI_AGAIN',
  ],
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up or shutting down
  '53300', // too_many_connections
  '57014', // query_canceled: the deadline of a statement, such as one that waited for a lock
]);
/** connection_exception and its kin. */
const LOST_CLASS = /^08[0-9A-Z]{3}$/;

/** The messages of `pg`, `pg-pool`, TypeORM and our own pool that come without a code. */
const LOST_MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'timeout exceeded when trying to connect',
  'Cannot use a pool after calling end',
  'Driver not Connected',
  'Query read timeout',
  'the embedded database',
  // A connection that was cut inside a transaction.
  'Query runner already released',
];

/** Has the way to the database failed, rather than the query? Then the same query may well succeed later. */
export const isConnectionLost = (error: unknown): boolean =>
  chain(error).some(
    ({ code, message }) =>
      (code !== undefined && (LOST_CODES.has(code) || LOST_CLASS.test(code))) ||
      LOST_MESSAGES.some((part) => message.includes(part)),
  );

/** Five characters; none begins with an E, as Node's system codes do (EPERM). */
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/;

/**
 * Whether the server itself refused a statement, so that nothing of it was done. After every other error it is unknown
 * whether it was: the statement may have been committed and only the answer lost.
 */
export const refusedByServer = (error: unknown): boolean =>
  !isConnectionLost(error) && chain(error).some(({ code }) => code !== undefined && SQLSTATE.test(code));

/** The name of the unique constraint or index that was violated, or null when the error is another one. */
export const uniqueViolation = (error: unknown): string | null => violated(error, UNIQUE_VIOLATIONS);

/** The name of the foreign key that was violated, or null when the error is another one. */
export const foreignKeyViolation = (error: unknown): string | null => violated(error, FOREIGN_KEY_VIOLATIONS);

function violated(error: unknown, codes: readonly string[]): string | null {
  return chain(error).find(({ code }) => code !== undefined && codes.includes(code))?.constraint ?? null;
}

interface DatabaseFault {
  message: string;
  code?: string | undefined;
  constraint?: string | undefined;
}

/** How deep wrappers are followed: TypeORM adds one, our own errors another, Node's AggregateError a third. */
const MAX_DEPTH = 5;

function chain(error: unknown, depth = 0): DatabaseFault[] {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return [];
  const fault = error as Record<string, unknown>;
  const inside = [
    fault['driverError'],
    fault['cause'],
    ...(Array.isArray(fault['errors']) ? (fault['errors'] as unknown[]) : []),
  ];
  return [
    {
      message: string(fault['message']) ?? '',
      code: string(fault['code']),
      constraint: string(fault['constraint']),
    },
    ...inside.flatMap((one) => chain(one, depth + 1)),
  ];
}

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
