import type { QueryResult } from 'pg';

/** The part of the pool that maintenance needs. */
interface MaintainedPool {
  /** Callers that wait for the connection right now. */
  readonly waitingCount: number;
  /** Runs one statement with its own time limit, in milliseconds. */
  queryWithin(deadlineMs: number, sql: string): Promise<QueryResult<Record<string, unknown>>>;
}

/** A table of a million rows is vacuumed in seconds; a statement that takes longer than this is stuck. */
const STATEMENT_DEADLINE_MS = 10 * 60_000;
/** How often in a row a busy database may put its vacuum off. */
const MAX_POSTPONEMENTS = 10;

/** Autovacuum's own defaults (50 + 20 % dead, 1000 + 20 % inserted, 50 + 10 % changed), which PGlite does not run. */
const TABLES_TO_VACUUM = `
  select format('%I.%I', s.schemaname, s.relname) as name
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
     or s.n_ins_since_vacuum > 1000 + 0.2 * greatest(c.reltuples, 0)
     or s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)`;

/**
 * What the background processes of a PostgreSQL server do, and nobody in PGlite: without checkpoints WAL grows
 * without bound (641 MB seen) and so does the time to reopen; without vacuum the tables do.
 */
export class PgliteMaintenance {
  readonly #pool: MaintainedPool;
  readonly #onError: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;
  #checkpointAt = '';
  #postponed = 0;
  #stopped = false;

  /** @param onError hears of a round that failed; the next one tries again */
  constructor(pool: MaintainedPool, intervalMs: number, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#onError = onError;
    this.#timer = setInterval(() => void this.run(), intervalMs);
    this.#timer.unref();
  }

  /** One round, also at other times than the interval's; joins one that is under way. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#round()
      .catch(this.#onError)
      .finally(() => (this.#running = null));
    return this.#running;
  }

  /** Resolves when the statement under way, if any, is done; no other one follows. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped = true;
    await this.#running;
  }

  async #round(): Promise<void> {
    await this.#checkpoint();
    if (this.#stopped) return;
    if (this.#pool.waitingCount > 0 && this.#postponed < MAX_POSTPONEMENTS) {
      this.#postponed += 1;
      return;
    }
    this.#postponed = 0;
    // PostgreSQL collects the counts of changes, and the view below shows them a second later.
    await this.#query('select pg_stat_force_next_flush()');
    const { rows } = await this.#query(TABLES_TO_VACUUM);
    // Table by table, so that requests get their turn in between.
    for (const { name } of rows) {
      if (this.#stopped) return;
      await this.#query(`vacuum (analyze) ${String(name)}`);
    }
  }

  /** Only when something was written since the last one: an idle kiosk's disk is left alone. */
  async #checkpoint(): Promise<void> {
    if ((await this.#walPosition()) === this.#checkpointAt) return;
    await this.#query('checkpoint');
    this.#checkpointAt = await this.#walPosition();
  }

  async #walPosition(): Promise<string> {
    const { rows } = await this.#query('select pg_current_wal_insert_lsn()::text as position');
    return String(rows[0]?.['position']);
  }

  #query(sql: string): Promise<QueryResult<Record<string, unknown>>> {
    return this.#pool.queryWithin(STATEMENT_DEADLINE_MS, sql);
  }
}
