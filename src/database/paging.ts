import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { badInput } from '../errors';

/** Maximum number of rows of a page. */
export const MAX_PAGE = 200;

/** Length of the longest valid cursor, with a margin: a name of 200 characters outside of the basic plane makes some 1,200. */
const MAX_CURSOR = 4096;

export interface PageRequest {
  /** 1 to MAX_PAGE. */
  readonly first: number;
  /** A cursor of an earlier page. */
  readonly after?: string | null | undefined;
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly cursorOf: (row: T) => string;
  /** Number of rows on all pages. Counted on demand. */
  readonly totalCount: () => Promise<number>;
}

export interface Range {
  /** Inclusive. */
  readonly from?: Date | null | undefined;
  /** Exclusive. */
  readonly to?: Date | null | undefined;
}

/** The order of a list: by a key, then by id. */
interface ListOrder<T> {
  /** Name of the list. Each cursor contains it, so that a list refuses the cursors of other lists. */
  readonly list: string;
  readonly direction: 'ASC' | 'DESC';
  /** SQL of the key and the id; an index should have both. */
  readonly columns: readonly [key: string, id: string];
  /** SQL of the key that the cursor has as `:key`. */
  readonly key: string;
  readonly keyOf: (row: T) => string;
  /** Whether a row can have this key, which is a text. PostgreSQL would answer another key with an error. */
  readonly isKey: (key: string) => boolean;
}

/**
 * One page of a list. A cursor holds the sort keys of the last row, so rows that come or go do not shift later pages.
 * @param filtered makes the query of the whole list, each time it is called
 * @throws RollcallError BAD_USER_INPUT for `first` and `after`
 */
export async function pageOf<T extends ObjectLiteral & { readonly id: string }>(
  order: ListOrder<T>,
  filtered: () => SelectQueryBuilder<T>,
  { first, after }: PageRequest,
): Promise<Page<T>> {
  if (!(first >= 1 && first <= MAX_PAGE)) throw badInput('first', `must be 1 to ${MAX_PAGE}`);
  const { list, direction, columns, key, keyOf } = order;
  const query = filtered()
    .orderBy(columns[0], direction)
    .addOrderBy(columns[1], direction)
    .limit(first + 1);
  if (after != null) {
    const comparison = direction === 'ASC' ? '>' : '<';
    query.andWhere(`(${columns.join(', ')}) ${comparison} (${key}, :id::uuid)`, decodeCursor(order, after));
  }
  const rows = await query.getMany();
  return {
    rows: rows.slice(0, first),
    hasNextPage: rows.length > first,
    hasPreviousPage: after != null,
    cursorOf: (row) => encodeCursor(list, keyOf(row), row.id),
    totalCount: () => filtered().getCount(),
  };
}

/**
 * Narrows a list to rows from one moment (inclusive) to another (exclusive).
 * @throws RollcallError BAD_USER_INPUT if it ends before it begins
 */
export function between<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  column: string,
  { from, to }: Range,
): void {
  if (from != null && to != null && from > to) throw badInput('to', 'must not be before from');
  if (from != null) query.andWhere(`${column} >= :from`, { from });
  if (to != null) query.andWhere(`${column} < :to`, { to });
}

const MOMENT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A moment as toISOString writes it. JavaScript reads 30 February as 1 March and knows a year 0; PostgreSQL does not. */
export const isMoment = (key: string): boolean =>
  MOMENT.test(key) && !Number.isNaN(Date.parse(key)) && new Date(key).toISOString() === key;

/** An opaque position in a list. @param key the first sort key; the second is the id */
export const encodeCursor = (list: string, key: string, id: string): string =>
  Buffer.from(JSON.stringify([list, key, id])).toString('base64url');

/** @throws RollcallError BAD_USER_INPUT for anything that `encodeCursor` did not make for this list */
export function decodeCursor(
  { list, isKey }: Pick<ListOrder<never>, 'list' | 'isKey'>,
  cursor: string,
): { key: string; id: string } {
  const fault = badInput('after', 'must be a cursor from this list');
  if (cursor.length > MAX_CURSOR) throw fault;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parts)) throw fault;
    const [, key, id] = parts as unknown[];
    if (typeof key !== 'string' || typeof id !== 'string' || !isUuid(id) || !isKey(key)) throw fault;
    // No sort key has them, and PostgreSQL takes no NUL.
    if (/[\p{Cc}\p{Cs}]/u.test(key)) throw fault;
    if (encodeCursor(list, key, id) !== cursor) throw fault;
    return { key, id };
  } catch {
    throw fault;
  }
}
