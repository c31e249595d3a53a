/**
 * Counts a refused face. $1 kind, $2 subject, $3 now, $4 how many are too many, $5 seconds within which they count
 * (null: however long it takes), $6 seconds of the first lock, $7 of the longest. One statement, so that of refusals
 * that race on several nodes each counts. No row: it is locked already, and this refusal must not be told.
 * From the one too many on, each refused face locks for twice as long as the one before.
 */
export const COUNT_FAILURE = `
  INSERT INTO lockouts AS l (kind, subject, failures, started_at, last_failure_at, locked_until)
  VALUES ($1, $2, 1, $3, $3, CASE WHEN $4::int <= 1 THEN $3::timestamptz + $6::int * interval '1 second' END)
  ON CONFLICT (kind, subject) DO UPDATE SET (failures, started_at, last_failure_at, locked_until) = (
    SELECT n.failures, CASE WHEN n.failures = 1 THEN $3::timestamptz ELSE l.started_at END, $3::timestamptz,
      CASE WHEN n.failures >= $4::int
        THEN $3::timestamptz + least($7::int, $6::int * power(2, least(n.failures - $4::int, 20))) * interval '1 second'
      END
    FROM (SELECT CASE WHEN coalesce(l.locked_until, l.started_at) <= $3::timestamptz - $5::int * interval '1 second'
      THEN 1 ELSE l.failures + 1 END AS failures) n)
  WHERE l.locked_until IS NULL OR l.locked_until <= $3
  RETURNING l.locked_until`;

/** $1 kind, $2 subject. */
export const READ_LOCK = 'SELECT locked_until FROM lockouts WHERE kind = $1 AND subject = $2';

/** $1 kind, $2 subject. */
export const CLEAR = 'DELETE FROM lockouts WHERE kind = $1 AND subject = $2 RETURNING locked_until';

/** $1 now. */
export const LIST = `
  SELECT l.kind, l.subject, l.failures, l.locked_until FROM lockouts l
  WHERE l.locked_until > $1 ORDER BY l.locked_until DESC, l.kind, l.subject LIMIT 1000`;

/** $1 the moment before which a refusal is long ago. */
export const PURGE = `
  DELETE FROM lockouts WHERE last_failure_at < $1 AND (locked_until IS NULL OR locked_until < $1)`;
