import { pino, type DestinationStream, type Logger } from 'pino';
import { currentCorrelationId } from './request-scope';

/** Longest text in a line of the log, in characters. A stack has up to 2000. */
const MAX_TEXT = 4000;
/** Errors can be causes of each other. */
const MAX_CAUSES = 5;

const bounded = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** Bounds every text that is given to the log beside its message; errors are bounded by their serializer. */
function boundedBindings(bindings: Record<string, unknown>): Record<string, unknown> {
  const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > MAX_TEXT;
  if (!Object.values(bindings).some(isLong)) return bindings;
  return Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [name, isLong(value) ? bounded(value) : value]),
  );
}

/**
 * The parts of an error that may be logged. Not its own properties: TypeORM's errors contain query parameters, so also
 * templates.
 */
function safeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: 'not an Error' };
  const { name, message, stack } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    name: bounded(name),
    message: bounded(message),
    ...(typeof code === 'string' ? { code: bounded(code) } : {}),
    ...(typeof constraint === 'string' ? { constraint: bounded(constraint) } : {}),
    ...(stack === undefined ? {} : { stack: bounded(stack) }),
    ...(error.cause instanceof Error && depth < MAX_CAUSES
      ? { cause: safeError(error.cause, depth + 1) }
      : {}),
  };
}

/** Lines that are written while a request is served, or its photo uploaded, have its correlation id. */
function withRequest(): object {
  const id = currentCorrelationId();
  return id === undefined ? {} : { correlationId: id };
}

/**
 * Structured logs, one JSON object a line. Never a descriptor, a photo, a key or a secret.
 * @param to left out: standard output
 */
export const createLogger = (level: string, to?: DestinationStream): Logger => {
  const options = {
    level,
    mixin: withRequest,
    serializers: { err: (error: unknown) => safeError(error) },
    formatters: { log: boundedBindings },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return to === undefined ? pino(options) : pino(options, to);
};
