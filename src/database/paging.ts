import { validate as isUuid } from 'uuid';
import { badInput } from '../errors';

/** Most rows a page may have. */
export const MAX_PAGE = 200;

/** Where a page begins: the sort keys of the row before it, so that rows that come or go do not shift pages. */
type CursorKeys = readonly [key: string, id: string];

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

/** Longest cursor that is looked at; a name of 200 characters outside of the basic plane makes some 1,200. */
const MAX_CURSOR = 4096;

/** The cursors of one list. */
export class Cursors {
  /**
   * @param list is in every cursor, so that one list does not take another's
   * @param isKey tells whether the first key is one that the list can have
   */
  constructor(
    private readonly list: string,
    private readonly isKey: (key: string) => boolean,
  ) {}

  encode([key, id]: CursorKeys): string {
    return Buffer.from(JSON.stringify([this.list, key, id])).toString('base64url');
  }

  /** @throws RollcallError BAD_USER_INPUT for anything that `encode` did not make */
  decode(cursor: string): CursorKeys {
    const fault = badInput('after', 'must be a cursor from this list');
    if (cursor.length > MAX_CURSOR) throw fault;
    try {
      const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
      if (!Array.isArray(parts) || parts.length !== 3) throw fault;
      const [list, key, id] = parts as unknown[];
      if (list !== this.list || typeof key !== 'string' || typeof id !== 'string') throw fault;
      // PostgreSQL raises an error for an invalid id or key; such a cursor must not reach it.
      if (!isUuid(id) || !this.isKey(key) || this.encode([key, id]) !== cursor) throw fault;
      return [key, id];
    } catch {
      throw fault;
    }
  }
}
