/** How many refused faces of `l` are too many: $4 of an employee, $5 of a key. */
const TOO_MANY = `(CASE l.kind WHEN 'KEY' THEN $5::int ELSE $4::int END)`;

/**
 * Counts a refused face for each of some subjects: $1 kinds, $2 their subjects, $3 now, $6 seconds within which those of
 * a key count (those of an employee do however long it takes), $7 seconds of the first lock, $8 of the longest. One
 * statement, so that of refusals that race on several nodes each counts, and that a fault counts for nobody. A subject
 * without a row in the answer is locked already, and this refusal must not be told.
 * From the one too many on, each refused face locks for twice as long as the one before.
 */
export const COUNT_FAILURE = `
  INSERT INTO lockouts AS l (kind, subject, failures, started_at, last_failure_at, locked_until)
  SELECT l.kind, l.subject, 1, $3::timestamptz, $3::timestamptz,
    CASE WHEN ${TOO_MANY} <= 1 THEN $3::timestamptz + $7::int * interval '1 second' END
  FROM unnest($1::text[], $2::text[]) AS l (kind, subject)
  ON CONFLICT (kind, subject) DO UPDATE SET (failures, started_at, last_failure_at, locked_until) = (
    SELECT n.failures, CASE WHEN n.failures = 1 THEN $3::timestamptz ELSE l.started_at END, $3::timestamptz,
      CASE WHEN n.failures >= ${TOO_MANY}
        THEN $3::timestamptz
          + least($8::int, $7::int * power(2, least(n.failures - ${TOO_MANY}, 20))) * interval '1 second'
      END
    FROM (SELECT CASE WHEN l.kind = 'KEY'
        AND coalesce(l.locked_until, l.started_at) <= $3::timestamptz - $6::int * interval '1 second'
      THEN 1 ELSE l.failures + 1 END AS failures) n)
  WHERE l.locked_until IS NULL OR l.locked_until <= $3::timestamptz
  RETURNING l.kind, l.subject, l.failures, l.locked_until`;

/** $1 kind, $2 subject. */
export const READ_LOCK = 'SELECT locked_until FROM lockouts WHERE kind = $1 AND subject = $2';

/** $1 kind, $2 subject. */
export const CLEAR = 'DELETE FROM lockouts WHERE kind = $1 AND subject = $2 RETURNING locked_until';

/** $1 now. */
export const LIST = `
  SELECT l.kind, l.subject, l.failures, l.locked_until FROM lockouts l
  WHERE l.locked_until > $1 AND l.kind <> 'VISIT' ORDER BY l.locked_until DESC, l.kind, l.subject LIMIT 1000`;

/** $1 the moment before which a refusal is long ago. */
export const PURGE = `
  DELETE FROM lockouts WHERE last_failure_at < $1 AND (locked_until IS NULL OR locked_until < $1)`;
