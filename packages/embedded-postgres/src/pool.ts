import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg';
import { acquireLock, type FolderLock } from './lock-file';
import { PgliteEngine } from './engine';
import { PgliteMaintenance } from './maintenance';
import { PgliteSocket } from './socket';

export interface PgliteOptions {
  /** The folder the database is kept in (with its lock file); created when it is missing, its parents too. */
  dataDir: string;
  /** How long one query may take, in milliseconds, before the database counts as hung and is opened again. */
  queryDeadlineMs: number;
  /** Milliseconds between checkpoints; vacuums follow where they are due. */
  maintenanceIntervalMs: number;
  /** The folder is somebody else's now: nothing may be written any more. Called at most once. */
  onFatal: (error: Error) => void;
  /**
   * The database has failed: what ran is refused, what comes now waits until the database is open again. Called with
   * the reason, and again with each reason why it could not be opened; in between it is tried again.
   */
  onFailure?: (error: Error) => void;
  /** How long a caller may wait for the one connection, in milliseconds; 10 s when left out. */
  connectTimeoutMs?: number;
}

type Release = (error?: Error | boolean) => void;
type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, release: Release) => void;

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** Pauses between attempts to open the database again: what is in the way, such as a full disk, may stay for hours. */
const REOPEN_FIRST_MS = 200;
const REOPEN_LONGEST_MS = 5000;

/**
 * PGlite for TypeORM: `new DataSource({ type: 'postgres', driver: pgliteDriver(options), installExtensions: false })`.
 * The driver is `pg` itself, connected to a thread of this process instead of a server.
 */
export function pgliteDriver(options: PgliteOptions): PgliteDriver {
  return { Pool: PglitePool.bind(null, options) };
}

interface PgliteDriver {
  Pool: new (limits?: PoolLimits) => PglitePool;
}

/** What TypeORM passes on (from its `connectTimeoutMS`) and a pool of one can make use of. */
interface PoolLimits {
  connectionTimeoutMillis?: number | undefined;
}

/**
 * `pg`'s pool, holding the one session there is. It queues callers in the order they come, each for a limited time:
 * a query outside of a transaction, made from inside of it, would otherwise wait for itself.
 */
export class PglitePool {
  readonly #pool: Pool;
  readonly #options: PgliteOptions;
  readonly #folder: string;
  readonly #ending = new AbortController();
  readonly #opened: Promise<void>;
  #lock: FolderLock | null = null;
  #engine: PgliteEngine | null = null;
  #reopening: Promise<void> | null = null;
  /** Why nothing may be opened any more: the folder belongs to another process. */
  #lost: Error | null = null;
  #maintenance: PgliteMaintenance | null = null;
  #session: PgliteSocket | null = null;

  constructor(options: PgliteOptions, { connectionTimeoutMillis }: PoolLimits = {}) {
    this.#options = options;
    this.#folder = resolve(options.dataDir);
    this.#pool = new Pool({
      max: 1,
      idleTimeoutMillis: 0, // the session is free to keep and costs its prepared statements to give up
      connectionTimeoutMillis:
        connectionTimeoutMillis ?? options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      // Fixed, because `pg` would fill them in from PGUSER, PGSSLMODE and their like.
      user: 'postgres',
      database: 'postgres',
      host: 'pglite',
      port: 5432,
      ssl: false,
      stream: () => this.#newSession(),
    });
    // A client in use reports a broken connection as an event; without a listener that would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    // So does one that breaks while it is idle; onFailure reports that.
    this.#pool.on('error', () => undefined);
    this.#opened = this.#open();
    this.#opened.catch(() => undefined); // each connect() reports it
  }

  get waitingCount(): number {
    return this.#pool.waitingCount;
  }

  /** How many times a file was forced to the disk since the database was opened. */
  get syncCount(): number {
    return this.#engine?.syncCount ?? 0;
  }

  connect(): Promise<PoolClient>;
  connect(callback: ConnectCallback): void;
  connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    if (callback === undefined) return this.#connect();
    this.#connect().then(
      (client) => callback(undefined, client, (error) => client.release(error)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
  }

  /** One statement on its own, prepared and kept when it has a name. Rejects with `pg`'s errors. */
  async query(
    query: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Record<string, unknown>>> {
    const client = await this.#connect();
    try {
      return await client.query<Record<string, unknown>>(query, values);
    } finally {
      client.release();
    }
  }

  /** A statement that may take longer (or must be quicker) than the others. */
  async queryWithin(deadlineMs: number, sql: string): Promise<QueryResult<Record<string, unknown>>> {
    const client = await this.#connect();
    const engine = this.#engine;
    const usual = engine?.deadlineMs;
    try {
      // Nobody else is served while the session is ours, so the deadline is ours too.
      if (engine !== null) engine.deadlineMs = deadlineMs;
      return await client.query<Record<string, unknown>>(sql);
    } finally {
      if (engine !== null && usual !== undefined) engine.deadlineMs = usual;
      client.release();
    }
  }

  /** A round of checkpoint and vacuum, now. Never rejects; a failure is an 'error' event of the pool. */
  async maintain(): Promise<void> {
    await this.#opened;
    await this.#maintenance?.run();
  }

  on(event: 'error', listener: (error: Error) => void): this {
    this.#pool.on(event, listener);
    return this;
  }

  removeListener(event: 'error', listener: (error: Error) => void): this {
    this.#pool.removeListener(event, listener);
    return this;
  }

  /** Waits for running queries, then closes the database, its thread and its lock. */
  end(): Promise<void>;
  end(callback: (error?: Error) => void): void;
  end(callback?: (error?: Error) => void): Promise<void> | void {
    if (callback === undefined) return this.#end();
    this.#end().then(() => callback(), callback);
  }

  async #open(): Promise<void> {
    const lock = (this.#lock = await acquireLock(this.#folder, {
      onLost: (error) => {
        this.#lost = error;
        this.#engine?.fail(error.message);
      },
    }));
    try {
      this.#engine = await this.#startEngine();
    } catch (error) {
      lock.release();
      throw error;
    }
    const { maintenanceIntervalMs } = this.#options;
    this.#maintenance = new PgliteMaintenance(this, maintenanceIntervalMs, (error) => this.#warn(error));
  }

  /** A failure while opening goes to the caller; one later has the database opened again. */
  async #startEngine(): Promise<PgliteEngine> {
    let opened = false;
    const engine = new PgliteEngine(this.#folder, this.#options.queryDeadlineMs, (error) => {
      if (opened) this.#recover(engine, error);
    });
    try {
      await engine.ready;
      opened = true;
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  #recover(broken: PgliteEngine, error: Error): void {
    this.#session?.destroy(error);
    if (this.#lost !== null) return this.#options.onFatal(error);
    this.#options.onFailure?.(error);
    this.#reopening = this.#reopen(broken).finally(() => (this.#reopening = null));
  }

  /** Resolves when the database is open again, or is not wanted any more. */
  async #reopen(broken: PgliteEngine): Promise<void> {
    // Only once the thread is certainly gone: two of them on one folder corrupt it.
    await broken.close();
    const { signal } = this.#ending;
    for (let pause = REOPEN_FIRST_MS; !signal.aborted && this.#lost === null; pause *= 2) {
      try {
        this.#engine = await this.#startEngine();
        return;
      } catch (error) {
        this.#options.onFailure?.(error as Error);
      }
      const ms = Math.min(pause, REOPEN_LONGEST_MS);
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** The engine, once it serves. @throws Error if it never will */
  async #serving(): Promise<PgliteEngine> {
    while (this.#reopening !== null) await this.#reopening;
    if (this.#lost !== null) throw new Error(`the embedded database stopped: ${this.#lost.message}`);
    if (this.#engine === null || this.#ending.signal.aborted) {
      throw new Error('the embedded database is not open');
    }
    return this.#engine;
  }

  async #connect(): Promise<PoolClient> {
    await this.#opened;
    const client = await this.#pool.connect();
    const session = this.#session;
    const release = client.release.bind(client);
    // The next user must not get an open transaction: a session that is not idle is dropped, and the next one begins
    // with ROLLBACK and DISCARD ALL.
    client.release = (error) =>
      release(
        error ?? (session?.atRest === true ? undefined : new Error('released while a query was running')),
      );
    return client;
  }

  #newSession(): PgliteSocket {
    this.#session?.destroy();
    return (this.#session = new PgliteSocket(() => this.#serving()));
  }

  async #end(): Promise<void> {
    await this.#opened.catch(() => undefined);
    // Callers that wait for the database to be opened again get an error.
    if (this.#reopening !== null) this.#ending.abort();
    await this.#maintenance?.stop();
    await this.#pool.end();
    this.#ending.abort();
    await this.#reopening;
    await this.#engine?.close();
    this.#lock?.release();
  }

  #warn(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#pool.emit('error', failure);
  }
}
