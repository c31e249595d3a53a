import { Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg';
import { PgliteMaintenance } from './maintenance';
import { OpenFolder, type FolderOptions } from './open-folder';
import { PgliteSocket } from './socket';

export interface PgliteOptions extends FolderOptions {
  /** Milliseconds between checkpoints; vacuums follow when they are due. */
  maintenanceIntervalMs: number;
  /** How long a caller may wait for the one connection, in milliseconds; 10 s when left out. */
  connectTimeoutMs?: number;
}

type Release = (error?: Error | boolean) => void;
type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, release: Release) => void;

const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

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
  readonly #database: OpenFolder;
  readonly #opened: Promise<void>;
  #maintenance: PgliteMaintenance | null = null;
  #session: PgliteSocket | null = null;

  constructor(options: PgliteOptions, { connectionTimeoutMillis }: PoolLimits = {}) {
    this.#database = new OpenFolder(options, (error) => this.#session?.destroy(error));
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
    this.#opened = this.#open(options.maintenanceIntervalMs);
    this.#opened.catch(() => undefined); // each connect() reports it
  }

  get waitingCount(): number {
    return this.#pool.waitingCount;
  }

  /** How many times a file was forced to the disk since the database was opened. */
  get syncCount(): number {
    return this.#database.engine?.syncCount ?? 0;
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
    const { engine } = this.#database;
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

  async #open(maintenanceIntervalMs: number): Promise<void> {
    await this.#database.open();
    this.#maintenance = new PgliteMaintenance(this, maintenanceIntervalMs, (error) => {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#pool.emit('error', failure);
    });
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
    return (this.#session = new PgliteSocket(() => this.#database.serving()));
  }

  async #end(): Promise<void> {
    await this.#opened.catch(() => undefined);
    this.#database.stopReopening();
    await this.#maintenance?.stop();
    await this.#pool.end();
    await this.#database.close();
  }
}
