import { Readable } from 'node:stream';
import { print, type ExecutionResult } from 'graphql-sse';
import { withDeadline } from '../../deadline';

/** How often a stream without events says that it is there, and asks whether it still may be. */
const KEEP_ALIVE_MS = 5000;
/** A client that takes nothing for so long is gone, or never meant to read. */
const STALL_MS = 15_000;
/** What may wait in memory for a slow client; a few events. */
const BUFFER_BYTES = 16_384;
/** A comment: clients skip it. */
const KEEP_ALIVE = ':\n\n';
const COMPLETE = print({ event: 'complete', data: null });

interface EventStreamOptions {
  readonly source: AsyncIterator<unknown>;
  /** What the client gets for an event. @throws if the stream has to end */
  readonly answer: (event: unknown) => Promise<ExecutionResult>;
  /** @throws if the stream has to end */
  readonly renew: () => Promise<unknown>;
  /** The last that the client gets; null: it is to come again, and hears nothing. */
  readonly lastWords: (error: unknown) => ExecutionResult | null;
  readonly over: AbortSignal;
  readonly keepAliveMs?: number;
  readonly stallMs?: number;
}

/**
 * A subscription's events as graphql-sse's clients read them, in its "distinct connections mode". The library's own
 * handler is not used: it keeps whatever a slow client does not take, and one context for a stream's whole life.
 * The next event is asked for when the client has taken the one before.
 */
export function eventStream(options: EventStreamOptions): Readable {
  const { over, stallMs = STALL_MS } = options;
  let blocked = false;
  const readable = Readable.from(watched(), { objectMode: false, highWaterMark: BUFFER_BYTES });
  // Also if nothing was ever read, so that no generator came to its end.
  readable.once('close', () => void options.source.return?.());
  // A client that does not read would not see the end either.
  over.addEventListener('abort', () => blocked && readable.destroy(), { once: true });
  return readable;

  async function* watched(): AsyncGenerator<string> {
    for await (const chunk of chunks(options)) {
      const stalled = setTimeout(() => readable.destroy(), stallMs);
      blocked = true;
      try {
        yield chunk;
      } finally {
        blocked = false;
        clearTimeout(stalled);
      }
    }
  }
}

async function* chunks(options: EventStreamOptions): AsyncGenerator<string> {
  const { source, answer, renew, lastWords, over, keepAliveMs = KEEP_ALIVE_MS } = options;
  let coming: Promise<IteratorResult<unknown>> | null = null;
  try {
    yield KEEP_ALIVE;
    for (;;) {
      coming ??= caught(source.next());
      const event: IteratorResult<unknown> | Interruption = await next(coming, over, keepAliveMs);
      // Without `complete`: the client's library opens another stream, here or on another node.
      if (event === 'OVER') return;
      if (event === 'QUIET') {
        await renew();
        yield KEEP_ALIVE;
        continue;
      }
      coming = null;
      if (event.done === true) break;
      yield print({ event: 'next', data: await answer(event.value) });
    }
    yield COMPLETE;
  } catch (error) {
    const last = lastWords(error);
    if (last === null) return;
    yield print({ event: 'next', data: last });
    yield COMPLETE;
  }
}

/** Where the stream ends first, nobody waits for the event any more, nor for what went wrong with it. */
function caught<T>(event: Promise<T>): Promise<T> {
  event.catch(() => undefined);
  return event;
}

type Interruption = 'OVER' | 'QUIET';

/** The next event, unless the stream is over before it or nothing happens for a while. */
async function next<T>(event: Promise<T>, over: AbortSignal, quietMs: number): Promise<T | Interruption> {
  if (over.aborted) return 'OVER';
  let abort: () => void = () => undefined;
  const ended = new Promise<Interruption>((resolve) => {
    abort = () => resolve('OVER');
    over.addEventListener('abort', abort);
  });
  try {
    return await withDeadline(Promise.race([event, ended]), quietMs, () => 'QUIET' as const);
  } finally {
    over.removeEventListener('abort', abort);
  }
}
