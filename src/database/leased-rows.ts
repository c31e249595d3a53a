import type { DataSource } from 'typeorm';

/** The wait after a failure: it doubles with each further one, and is partly random, so that attempts spread. */
export interface BackOff {
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

/** A table whose rows can be pending work. It has a column `id`. */
interface WorkTable<Row> {
  readonly table: string;
  /** SQL: which rows are work. Omitted: all. */
  readonly pending?: string;
  /** SQL: the columns that the work needs. They are the fields of Row. */
  readonly returning: string;
  /**
   * The fields that identify a row, with their columns: `id`, and values that must not have changed meanwhile. Omitted:
   * `id` only.
   */
  readonly key?: readonly (readonly [field: keyof Row, column: string])[];
  /** The columns for: when the row is due, how often its work failed, and the last error (500 characters). */
  readonly columns?: { readonly nextAt: string; readonly attempts: string; readonly error: string };
  readonly backOff: BackOff;
}

interface Work<Row> {
  /** How many rows are worked on at once; asked before each round. */
  readonly limit: () => number;
  readonly leaseSeconds: number;
  /**
   * Does the work of a row and stores the outcome: removes the row, marks it as done, or calls `wait` or `failed`. A row
   * without a stored outcome is due again when its lease ends.
   * @returns false: take no more rows for now
   */
  readonly work: (row: Row) => Promise<boolean | void>;
  /** Logs the error of `work`. @returns the text that the row stores. Operators see it, so it contains no internals */
  readonly failed: (error: unknown, row: Row) => string;
}

/** TypeORM answers an UPDATE … RETURNING with [rows, count]. */
type Updated<R> = [R[], number];

/** Past this many doublings the wait is at its maximum anyway. */
const MAX_DOUBLINGS = 20;
const MAX_ERROR = 500;

/**
 * Pending work in the rows of a table, shared by all nodes. A node leases a row by moving its due time ahead, by the
 * database's clock. So no transaction stays open while network or disk are slow, and the rows of a node that died are due
 * again when their leases end. Work must be repeatable: after a crash, or after its lease ended, it is done twice.
 */
export class LeasedRows<Row extends { readonly id: string }> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly table: WorkTable<Row>,
  ) {}

  /**
   * Works until nothing is due.
   * @param signal ends it after the rows under way
   * @returns false if the signal or the work of a row ended it
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

  /** Extends the lease. */
  renew(row: Row, leaseSeconds: number): Promise<void> {
    return this.wait(row, leaseSeconds * 1000);
  }

  /** Gives back a row that cannot be worked on yet. This is no failure. @param error omitted: stays as it is */
  async wait(row: Row, delayMs: number, error?: string | null): Promise<void> {
    const { nextAt, error: errorColumn } = this.columns;
    const due = `${nextAt} = now() + $1 * interval '1 millisecond'`;
    if (error === undefined) await this.set(row, due, [delayMs]);
    else await this.set(row, `${due}, ${errorColumn} = $2`, [delayMs, error]);
  }

  /** Gives back a row whose work failed. It is due after the back-off. */
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

  /** Matches the row if it is still pending and unchanged. */
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
