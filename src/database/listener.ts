import { setTimeout as sleep } from 'node:timers/promises';
import { ExponentialBackoff, halfJitterGenerator } from 'cockatiel';
import { Client, type ClientConfig } from 'pg';
import { withDeadline } from '../deadline';

export interface ListenerOptions {
  connection: ClientConfig;
  /** Names of channels, taken literally. */
  channels: readonly string[];
  onNotify(channel: string, payload: string): void;
  /**
   * Called each time after (re)connecting: notifications in between are lost, so changes must be queried. If it fails,
   * the listener reconnects, and calls it again.
   */
  onConnected(): void | Promise<void>;
  log?: { warn(details: object, message: string): void };
  /** How often the connection is tested, in milliseconds: a dead connection gives no sign. */
  heartbeatMs?: number;
  /** How long the server may take to answer anything, in milliseconds. */
  deadlineMs?: number;
}

const HEARTBEAT_MS = 10_000;
const DEADLINE_MS = 5000;
/** First 50-100 ms, then doubling up to 5 s; the jitter keeps many nodes from coming back in step. */
const BACKOFF = { initialDelay: 100, maxDelay: 5000, generator: halfJitterGenerator };
/** A connection that lasted this long resets the backoff. One that is lost right after each connect does not. */
const STABLE_MS = 10_000;

/** Listens to notifications over its own connection. It reconnects without a limit. */
export class NotificationListener {
  readonly #options: ListenerOptions;
  #abort: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();
  #lose: ((error: Error) => void) | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Begins to listen and returns at once. Repeated calls do nothing. */
  start(): void {
    if (this.#abort !== null) return;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#abort.signal);
  }

  /** Resolves when the connection is closed; nothing is called afterwards. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    await this.#running;
    this.#abort = null;
  }

  /** Replaces the connection. Does nothing if there is none. */
  reconnect(): void {
    this.#lose?.(new Error('the database server was replaced'));
  }

  async #run(signal: AbortSignal): Promise<void> {
    const fresh = () => new ExponentialBackoff(BACKOFF).next();
    let backoff = fresh();
    while (!signal.aborted) {
      const began = performance.now();
      try {
        await this.#session(signal);
      } catch (error) {
        this.#warn(error, 'Notification connection lost; reconnecting');
      }
      if (performance.now() - began > STABLE_MS) backoff = fresh();
      await sleep(backoff.duration, undefined, { signal }).catch(() => undefined);
      backoff = backoff.next(undefined);
    }
  }

  /** One connection, from its beginning to its end. Rejects when it is lost, resolves when it was stopped. */
  async #session(signal: AbortSignal): Promise<void> {
    const { connection, channels, heartbeatMs = HEARTBEAT_MS, deadlineMs = DEADLINE_MS } = this.#options;
    const client = new Client({
      ...connection,
      keepAlive: true,
      connectionTimeoutMillis: deadlineMs,
      query_timeout: deadlineMs,
    });
    const lost = new AbortController();
    const lose = (error?: Error): void => lost.abort(error ?? new Error('the server closed the connection'));
    this.#lose = lose;
    client.on('error', lose);
    client.on('end', () => lose());
    client.on('notification', ({ channel, payload }) => this.#notify(signal, channel, payload ?? ''));
    const over = AbortSignal.any([signal, lost.signal]);
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${client.escapeIdentifier(channel)}`);
      if (!over.aborted) await this.#options.onConnected();
      while (!over.aborted) {
        await sleep(heartbeatMs, undefined, { signal: over }).catch(() => undefined);
        if (!over.aborted) await client.query('select 1');
      }
      if (!signal.aborted) throw lost.signal.reason;
    } finally {
      this.#lose = null;
      await close(client, deadlineMs);
    }
  }

  #notify(signal: AbortSignal, channel: string, payload: string): void {
    if (signal.aborted) return;
    try {
      this.#options.onNotify(channel, payload);
    } catch (error) {
      this.#warn(error, 'Could not process a notification');
    }
  }

  #warn(error: unknown, message: string): void {
    try {
      this.#options.log?.warn({ err: error }, message);
    } catch {
      // a log that fails must not end the listening
    }
  }
}

/** Closes the connection, with a limit: the server may be gone. */
const close = (client: Client, deadlineMs: number): Promise<void> =>
  withDeadline(
    client.end().catch(() => undefined),
    deadlineMs,
    () => undefined,
  );
