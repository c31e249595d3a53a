import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { PoolHealth } from './postgres-pool';

/** One row for all nodes. Only proofs lock it, so a proof never waits for other work. */
const PROVE = `
  INSERT INTO write_proofs (id, proven_at) VALUES (1, now())
  ON CONFLICT (id) DO UPDATE SET proven_at = excluded.proven_at`;

/** Minimum time between two writes, and the pause after a failure. */
const EVERY_MS = 5000;
const DEADLINE_MS = 2000;

interface WriteProofOptions {
  readonly everyMs?: number;
  readonly deadlineMs?: number;
}

/**
 * Runs one statement over its own, permanent connection. So it does not wait for the pool, nor for a look-up of the
 * server's name, which shares its threads with the decoding of photos.
 */
class ProofConnection {
  private client: Client | null = null;

  /** @param onLost called when a connection that worked is lost */
  constructor(
    private readonly config: ClientConfig,
    private readonly onLost: () => void,
  ) {}

  /** @param onSent called before the statement is sent */
  async prove(deadlineMs: number, onSent: () => void): Promise<void> {
    const client = (this.client ??= await this.open(deadlineMs));
    try {
      onSent();
      await client.query(PROVE);
    } catch (error) {
      // The next proof uses a new connection: after a failover another server has the address.
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = null;
    await Promise.race([client?.end().catch(() => undefined), sleep(100, undefined, { ref: false })]);
  }

  private async open(deadlineMs: number): Promise<Client> {
    const client = new Client({
      ...this.config,
      keepAlive: true,
      connectionTimeoutMillis: deadlineMs,
      query_timeout: deadlineMs,
    });
    const lost = (): void => {
      if (this.client !== client) return;
      this.client = null;
      this.onLost();
    };
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    return client;
  }
}

/**
 * Proves that the database takes a write. All callers share one UPDATE every five seconds and its answer. While the
 * database fails, the proof repeats by itself, so that recovery needs no request.
 */
export class WriteProof {
  private readonly everyMs: number;
  private readonly deadlineMs: number;
  private readonly connection: ProofConnection | null;
  /** When the last UPDATE was sent. */
  private sentAt = -Infinity;
  /** Whether the last proof succeeded and no error came since. */
  private proven = false;
  private running: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private closed = false;

  /** @param config of a separate connection; null: the embedded database, which has one for all */
  constructor(
    private readonly dataSource: DataSource,
    config: ClientConfig | null,
    private readonly health: PoolHealth,
    { everyMs = EVERY_MS, deadlineMs = DEADLINE_MS }: WriteProofOptions = {},
  ) {
    this.everyMs = everyMs;
    this.deadlineMs = deadlineMs;
    this.connection = config === null ? null : new ProofConnection(config, () => this.doubt());
    health.onTrouble((wrongServer) => this.doubt(wrongServer));
  }

  /** @throws Error while the database cannot be written to */
  async check(): Promise<void> {
    if (this.running === null && !this.isRecent()) this.begin();
    await this.running;
    if (!this.proven) throw new Error('The database could not be written to');
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    await this.running;
    await this.connection?.close();
  }

  /** The last proof does not count any more. */
  private doubt(wrongServer = false): void {
    this.proven = false;
    // An old server may still accept writes over this connection only.
    if (wrongServer) void this.connection?.close();
    this.schedule();
  }

  private isRecent(): boolean {
    return performance.now() - this.sentAt < this.everyMs;
  }

  private begin(): void {
    this.running = this.prove()
      .then(
        () => {
          this.proven = true;
          this.health.trust();
        },
        (error: unknown) => {
          this.doubt();
          const { code } = error as { code?: unknown };
          if (typeof code === 'string') this.health.saw(code);
        },
      )
      .finally(() => (this.running = null));
  }

  private schedule(): void {
    if (this.retry !== null || this.closed) return;
    const delay = Math.max(0, this.sentAt + this.everyMs - performance.now());
    this.retry = setTimeout(
      () => {
        this.retry = null;
        if (this.running !== null || this.proven) return;
        if (this.isRecent()) this.schedule();
        else this.begin();
      },
      Number.isFinite(delay) ? Math.max(delay, this.everyMs / 5) : this.everyMs / 5,
    );
    this.retry.unref();
  }

  private async prove(): Promise<void> {
    const over = new AbortController();
    const late = sleep(this.deadlineMs, undefined, { signal: over.signal, ref: false }).then(() => {
      throw new Error('The database did not take a write in time');
    });
    try {
      await Promise.race([late, this.write()]);
    } finally {
      over.abort();
      late.catch(() => undefined);
    }
  }

  private async write(): Promise<void> {
    const sent = (): void => void (this.sentAt = performance.now());
    if (this.connection !== null) return this.connection.prove(this.deadlineMs, sent);
    sent();
    await this.dataSource.query(PROVE);
  }
}
