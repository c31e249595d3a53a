import type { DataSource } from 'typeorm';

/** The wait after a failure: it doubles with each further one, and is partly random, so that attempts spread. */
export interface BackOff {
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

/** A table of which some rows are work to do. It has an `id`. */
interface WorkTable<Row> {
  readonly table: string;
  /** SQL: which rows are work. Left out: all. */
  readonly pending?: string;
  /** SQL: the columns that the work needs. They are the fields of Row. */
  readonly returning: string;
  /**
   * By which fields of a Row its row is found again, and the columns they are in: `id`, and what must not have changed
   * meanwhile. Left out: `id` only.
   */
  readonly key?: readonly (readonly [field: keyof Row, column: string])[];
  /** The columns: before when nobody takes the row, how often it failed, and why the last time (500 characters). */
  readonly columns?: { readonly nextAt: string; readonly attempts: string; readonly error: string };
  readonly backOff: BackOff;
}

interface Work<Row> {
  /** How many rows are worked on at once; asked before each round. */
  readonly limit: () => number;
  readonly leaseSeconds: number;
  /**
   * Does the work of a row and writes down the outcome: removes it, makes it pending no more, or calls `wait` or
   * `failed`. A row of which nothing is written is due again when its lease ends.
   * @returns false: nothing more is to be taken for now
   */
  readonly work: (row: Row) => Promise<boolean | void>;
  /** Logs what `work` threw. @returns what the row says of it: for those who watch, so nothing of our insides */
  readonly failed: (error: unknown, row: Row) => string;
}

/** TypeORM answers an UPDATE … RETURNING with [rows, count]. */
type Updated<R> = [R[], number];

/** Past this many doublings the wait is at its maximum anyway. */
const MAX_DOUBLINGS = 20;
const MAX_ERROR = 500;

/**
 * Work that rows of a table stand for, shared by all nodes. A node takes a row by moving the time at which it is due
 * ahead, in the database's clock: no transaction stays open while network or disk are slow, and a node that dies loses
 * what it took when the lease ends. Work must be repeatable: after a crash, or beyond its lease, it is done twice.
 */
export class LeasedRows<Row extends { readonly id: string }> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly table: WorkTable<Row>,
  ) {}

  /**
   * Works until nothing is due.
   * @param signal ends it after the rows under way
   * @returns false where it was ended, by the signal or by the work of a row
   */
  async drain(signal: AbortSignal, { limit, leaseSeconds, work, failed }: Work<Row>): Promise<boolean> {
    while (!signal.aborted) {
      const most = limit();
      const rows = await this.take(most, leaseSeconds);
      const goesOn = await Promise.all(
        rows.map((row) => work(row).catch((error: unknown) => this.failed(row, failed(error, row)))),
      );
      if (goesOn.includes(false)) return false;
      if (rows.length < most) return true;
    }
    return false;
  }

  /** Keeps other nodes away for longer. */
  renew(row: Row, leaseSeconds: number): Promise<void> {
    return this.wait(row, leaseSeconds * 1000);
  }

  /** Gives a row back that cannot be worked on yet, which is no failure. @param error left out: stays as it is */
  async wait(row: Row, delayMs: number, error?: string | null): Promise<void> {
    const { nextAt, error: errorColumn } = this.columns;
    const due = `${nextAt} = now() + $1 * interval '1 millisecond'`;
    if (error === undefined) await this.set(row, due, [delayMs]);
    else await this.set(row, `${due}, ${errorColumn} = $2`, [delayMs, error]);
  }

  /** Gives a row back whose work failed; it is due after the back-off. */
  async failed(row: Row, reason: string): Promise<void> {
    const { nextAt, attempts, error } = this.columns;
    const { firstRetryMs, maxRetryMs } = this.table.backOff;
    const delayMs = `least($2::float8, $1::float8 * power(2, least(${attempts}, ${MAX_DOUBLINGS})))`;
    await this.set(
      row,
      `${attempts} = ${attempts} + 1, ${error} = $3,
       ${nextAt} = now() + ${delayMs} * (0.5 + random() / 2) * interval '1 millisecond'`,
      [firstRetryMs, maxRetryMs, reason.slice(0, MAX_ERROR)],
    );
  }

  private async take(limit: number, leaseSeconds: number): Promise<Row[]> {
    const { table, pending = 'true', returning } = this.table;
    const { nextAt } = this.columns;
    const [rows] = await this.dataSource.query<Updated<Row>>(
      `UPDATE ${table} SET ${nextAt} = now() + $2 * interval '1 second'
       WHERE id IN (SELECT id FROM ${table} WHERE ${pending} AND ${nextAt} <= now()
         ORDER BY ${nextAt} LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING ${returning}`,
      [limit, leaseSeconds],
    );
    return rows;
  }

  /** Of a row that is work still, and the same. */
  private async set(row: Row, assignments: string, values: readonly unknown[]): Promise<void> {
    const { table, pending = 'true', key = [['id', 'id']] } = this.table;
    const same = key.map(([, column], n) => `${column} = $${values.length + n + 1}`);
    await this.dataSource.query(
      `UPDATE ${table} SET ${assignments} WHERE ${same.join(' AND ')} AND ${pending}`,
      [...values, ...key.map(([field]) => row[field])],
    );
  }

  private get columns(): { nextAt: string; attempts: string; error: string } {
    return this.table.columns ?? { nextAt: 'next_at', attempts: 'attempts', error: 'last_error' };
  }
}
