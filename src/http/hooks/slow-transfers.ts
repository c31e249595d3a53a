import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What a request's transfer must achieve. Times are in milliseconds. */
export interface TransferLimits {
  /** How long the whole transfer may take. */
  readonly totalMs: number;
  /** How long it may be slower than the minimum at its beginning. */
  readonly graceMs: number;
  readonly bytesPerSecond: number;
  /** The time over which the rate is measured: a radio link that pauses for less is not cut off. */
  readonly windowMs: number;
}

/** A photo of 700 KB needs six minutes at the minimum, and has five: a telephone on the edge of a network is faster. */
export const TRANSFER_LIMITS: TransferLimits = {
  totalMs: 300_000,
  graceMs: 15_000,
  bytesPerSecond: 2048,
  windowMs: 10_000,
};

/** A moment of a transfer, and the bytes of its connection until then. */
interface Sample {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Answers 408 and closes the connection of a request whose body comes too slowly. Node ends those that take too long
 * in total, and headers that do not come. Bytes are counted on the connection.
 */
export function cutOffSlowTransfers(
  app: FastifyInstance,
  { graceMs, bytesPerSecond, windowMs }: TransferLimits,
): void {
  const tickMs = windowMs / 10;
  const running = new Set<() => void>();
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    if (hasBody(raw)) watch(raw);
    done();
  });
  app.addHook('onClose', (_app, done) => {
    for (const stop of running) stop();
    done();
  });

  function watch(raw: IncomingMessage): void {
    const { socket } = raw;
    const sampleNow = (): Sample => ({ at: performance.now(), bytes: socket.bytesRead });
    const graceEnd = performance.now() + graceMs;
    let samples: Sample[] = [];
    const timer = setInterval(() => {
      if (raw.complete || raw.destroyed || socket.destroyed) return stop();
      const now = sampleNow();
      // While we do not read, the client cannot send: that time is ours.
      if (now.at < graceEnd || raw.readableFlowing !== true) return void (samples = [now]);
      samples = [...samples.filter(({ at }) => at >= now.at - windowMs), now];
      const [first = now] = samples;
      const ms = now.at - first.at;
      if (ms < windowMs / 2 || ((now.bytes - first.bytes) / ms) * 1000 >= bytesPerSecond) return;
      stop();
      // As Node reports a request that takes too long: it is answered in the same way.
      app.server.emit('clientError', Object.assign(new Error('slow'), { code: TIMED_OUT }), socket);
    }, tickMs);
    const stop = (): void => {
      clearInterval(timer);
      running.delete(stop);
    };
    timer.unref();
    running.add(stop);
    raw.once('end', stop).once('close', stop);
  }
}

const TIMED_OUT = 'ERR_HTTP_REQUEST_TIMEOUT';

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
