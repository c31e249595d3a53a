import { types } from 'pg';

/** PostgreSQL's number of the type `date`. */
const DATE = 1082;

/**
 * Has dates read as text, as in 2026-03-29. The client would make local midnights of them, which are other dates in
 * other time zones. '-infinity' stays as it is; as text it comes before every date.
 */
export function readDatesAsText(): void {
  types.setTypeParser(DATE, (text: string) => text);
}
