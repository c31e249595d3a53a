import { validate as isUuid } from 'uuid';
import { badInput } from '../errors';

/** Most rows a page may have. */
export const MAX_PAGE = 200;

/** Where a page begins: the sort keys of the row before it, so that rows that come or go do not shift pages. */
export type CursorKeys = readonly [key: string, id: string];

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
  /** Rows on all pages together; counted only when it is asked for. */
  readonly totalCount: () => Promise<number>;
}

/** @throws RollcallError BAD_USER_INPUT where `first` is out of bounds */
export function checkFirst(first: number): void {
  if (!(first >= 1 && first <= MAX_PAGE)) throw badInput('first', `must be 1 to ${MAX_PAGE}`);
}

export const encodeCursor = (keys: CursorKeys): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

/**
 * @param isKey tells whether the first key is one that the list can have
 * @throws RollcallError BAD_USER_INPUT for anything that encodeCursor did not make
 */
export function decodeCursor(cursor: string, isKey: (key: string) => boolean): CursorKeys {
  const fault = badInput('after', 'must be a cursor that this list gave');
  if (cursor.length > 4096) throw fault;
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(keys) || keys.length !== 2) throw fault;
    const [key, id] = keys as unknown[];
    if (typeof key !== 'string' || typeof id !== 'string' || !isUuid(id) || !isKey(key)) throw fault;
    if (encodeCursor([key, id]) !== cursor) throw fault;
    return [key, id];
  } catch {
    throw fault;
  }
}
