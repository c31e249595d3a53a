import type { EventEmitter } from 'node:events';
import { Pool, type PoolClient, type PoolConfig, type QueryConfig, type QueryResult } from 'pg';
import { endsConnection, isWrongServer } from './errors';

/** State that a pool shares with its users. Each DataSource has one, made before its pool. */
export class PoolHealth {
  /** Increases when all open connections should be replaced. */
  generation = 0;
  /** Whether the server is unreliable. Then no connection is used twice. */
  suspect = false;
  private readonly listeners = new Set<(wrongServer: boolean) => void>();

  /** @param listener gets each error that makes a connection useless, and whether it concerns the whole server */
  onTrouble(listener: (wrongServer: boolean) => void): void {
    this.listeners.add(listener);
  }

  /** The server answered with this SQLSTATE. */
  saw(code: string): void {
    if (isWrongServer(code)) this.failed();
    else if (endsConnection(code)) this.report(false);
  }

  /** The server is gone, or another one has taken its place. */
  failed(): void {
    this.generation += 1;
    this.suspect = true;
    this.report(true);
  }

  /** A write over a new connection succeeded: connections are kept again. */
  trust(): void {
    if (!this.suspect) return;
    this.suspect = false;
    this.generation += 1;
  }

  private report(wrongServer: boolean): void {
    for (const listener of this.listeners) listener(wrongServer);
  }
}

type Release = (error?: Error | boolean) => void;
type ConnectCallback = (error: Error | undefined, client: PoolClient | undefined, release: Release) => void;

/**
 * `pg`'s pool for TypeORM, which replaces connections that have become useless. After a failover, open connections may lead
 * to a server that only reads, and only a write shows this. As soon as one connection gets that error, the pool uses none
 * of the others again.
 */
export class PostgresPool {
  readonly #pool: Pool;
  readonly #health: PoolHealth;
  readonly #prepares: boolean;
  /** The generation of each connection. A connection without one is not used again. */
  readonly #made = new WeakMap<PoolClient, number>();

  constructor(
    {
      health,
      prepares,
    }: {
      readonly health: PoolHealth;
      /** Whether statements stay prepared. False: each transaction may have another session. */
      readonly prepares: boolean;
    },
    options: PoolConfig,
  ) {
    this.#health = health;
    this.#prepares = prepares;
    this.#pool = new Pool(options);
    this.#pool.on('connect', (client) => this.#watch(client));
  }

  /** How many callers wait for a connection. */
  get waitingCount(): number {
    return this.#pool.waitingCount;
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

  /** One statement on its own, prepared and kept when it has a name. */
  async query(
    query: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Record<string, unknown>>> {
    const client = await this.#connect();
    let failed: Error | undefined;
    try {
      const sent = typeof query === 'string' || this.#prepares ? query : unnamed(query);
      return await client.query<Record<string, unknown>>(sent, values);
    } catch (error) {
      // The server's own refusals leave the connection as it was; after anything else nobody knows.
      if (!isServerError(error)) failed = error as Error;
      throw error;
    } finally {
      client.release(failed);
    }
  }

  on(event: 'error', listener: (error: Error) => void): this {
    this.#pool.on(event, listener);
    return this;
  }

  removeListener(event: 'error', listener: (error: Error) => void): this {
    this.#pool.removeListener(event, listener);
    return this;
  }

  /** Waits for running queries, then closes every connection. */
  end(): Promise<void>;
  end(callback: (error?: Error) => void): void;
  end(callback?: (error?: Error) => void): Promise<void> | void {
    if (callback === undefined) return this.#pool.end();
    this.#pool.end().then(() => callback(), callback);
  }

  async #connect(): Promise<PoolClient> {
    for (;;) {
      const client = await this.#open();
      if (this.#isCurrent(client)) return this.#lent(client);
      client.release(true);
    }
  }

  /** An error while connecting has a code, too, which no connection reports. */
  async #open(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code === 'string') this.#health.saw(code);
      throw error;
    }
  }

  #lent(client: PoolClient): PoolClient {
    const release = client.release.bind(client);
    client.release = (error) => release(error ?? (this.#health.suspect || !this.#isCurrent(client)));
    return client;
  }

  #isCurrent(client: PoolClient): boolean {
    return this.#made.get(client) === this.#health.generation;
  }

  /** Called for each new connection before its first use. */
  #watch(client: PoolClient): void {
    this.#made.set(client, this.#health.generation);
    // A connection can break in the moment between the pool handing it out and TypeORM listening to it, when both
    // come in one packet. An error event that nobody listens to ends the process; the next query reports it too.
    client.on('error', () => undefined);
    // The caller may handle the error of a statement. The pool must see it too, since it can end the connection.
    const { connection } = client as unknown as { connection: EventEmitter };
    connection.on('errorMessage', ({ code = '' }: { code?: string }) => {
      if (endsConnection(code)) this.#made.delete(client);
      this.#health.saw(code);
    });
  }
}

function unnamed(query: QueryConfig): QueryConfig {
  const sent = { ...query };
  delete sent.name;
  return sent;
}

const isServerError = (error: unknown): boolean =>
  typeof (error as { severity?: unknown } | null)?.severity === 'string';
