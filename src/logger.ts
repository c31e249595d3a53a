import { pino, type Logger } from 'pino';

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

/** Structured logs, one JSON object a line on standard output. Never a descriptor, a photo, a key or a secret. */
export const createLogger = (level: string): Logger =>
  pino({ level, serializers: { err: safeError }, base: null, timestamp: pino.stdTimeFunctions.isoTime });
