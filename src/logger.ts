import { pino, type Logger } from 'pino';
import { currentCorrelationId } from './request-scope';

/**
 * The parts of an error that may be logged. Not its own properties: TypeORM's errors contain query parameters, so also
 * templates.
 */
function safeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: 'not an Error' };
  const { name, message, stack } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    stack,
    ...(error.cause instanceof Error ? { cause: safeError(error.cause) } : {}),
  };
}

/** Lines that are written while a request is served, or its photo uploaded, have its correlation id. */
function withRequest(): object {
  const id = currentCorrelationId();
  return id === undefined ? {} : { correlationId: id };
}

/** Structured logs, one JSON object a line on standard output. Never a descriptor, a photo, a key or a secret. */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    mixin: withRequest,
    serializers: { err: safeError },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
