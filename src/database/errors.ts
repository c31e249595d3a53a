/**
 * What a database error means, also inside other errors. Codes are PostgreSQL's SQLSTATEs ("PostgreSQL Error Codes" in its
 * manual) or Node's system error codes.
 */

const UNIQUE_VIOLATIONS = ['23505'];
/** foreign_key_violation, and restrict_violation, which PostgreSQL 18 reports for ON DELETE RESTRICT. */
const FOREIGN_KEY_VIOLATIONS = ['23503', '23001'];

/** Node's codes of a network that does not answer. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATEs by their first characters after which this connection leads to the wrong server, or to one that cannot work
 * now: one that is only a standby since a failover, is shutting down or starting up, or has lost its files or the
 * database. Other connections to it are no better.
 */
const WRONG_SERVER = [
  '08', // connection exceptions
  '57P', // shutdown, crash, starting up, database dropped
  '58', // system error, such as a disk that fails
  '25006', // read_only_sql_transaction
  '3D000', // invalid_catalog_name: the database is gone, or renamed
  '55000', // object_not_in_prerequisite_state, such as a standby that does not take this
];

/** SQLSTATEs of a busy server, by their first characters. The same statement may succeed soon over the same connection. */
const BUSY = [
  '53', // insufficient resources: too many connections, a full disk, no memory
  '55P03', // lock_not_available
  '40', // rolled back: serialization failure, deadlock
];

/** query_canceled: the deadline of a statement, such as one that waited for a lock. The connection is fine. */
const CANCELLED = '57014';

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

const startsWith = (code: string, starts: readonly string[]): boolean =>
  starts.some((start) => code.startsWith(start));

/** Whether this SQLSTATE says that every open connection should be replaced. */
export const isWrongServer = (code: string): boolean => startsWith(code, WRONG_SERVER);

/** Whether this SQLSTATE says that the connection it came over should not be used again. */
export const endsConnection = (code: string): boolean => isWrongServer(code) || startsWith(code, BUSY);

/** After how many seconds a client should try again. */
export const RETRY_AFTER_SECONDS = 5;

/** Whether the database failed and not the query. The same query may succeed later. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  chain(error).some(
    ({ code, message }) =>
      (code !== undefined && isUnavailableCode(code)) || LOST_MESSAGES.some((part) => message.includes(part)),
  );

const isUnavailableCode = (code: string): boolean =>
  NETWORK_CODES.has(code) || code === CANCELLED || (SQLSTATE.test(code) && endsConnection(code));

/** Five characters; none begins with an E, as Node's system codes do (EPERM). */
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/;

/** After these the outcome of the statement is unknown: the server may have stopped in the middle of a commit. */
const UNKNOWN_END = ['08', '57', '58', '40003'];

/**
 * Whether the server itself refused a statement and did nothing. After every other error the outcome is unknown: the
 * server may have committed the statement and only its answer was lost.
 */
export function refusedByServer(error: unknown): boolean {
  const faults = chain(error);
  return (
    faults.some(({ code }) => code !== undefined && SQLSTATE.test(code) && !startsWith(code, UNKNOWN_END)) &&
    !faults.some(({ message }) => LOST_MESSAGES.some((part) => message.includes(part)))
  );
}

/** The name of the violated unique constraint or index; null for any other error. */
export const uniqueViolation = (error: unknown): string | null => violated(error, UNIQUE_VIOLATIONS);

/** The name of the violated foreign key; null for any other error. */
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
