/**
 * How many refused faces of `l` are too many: $5 of an employee in a row, $6 of a key in the window, $10 of an employee
 * in a day; of a key in a day $11, and two for each active employee of its office ($12; null: of all offices).
 */
const TOO_MANY = `(CASE WHEN NOT l.daily THEN (CASE l.kind WHEN 'KEY' THEN $6::int ELSE $5::int END)
    WHEN l.kind = 'KEY' THEN $11::int + 2 * (SELECT count(*) FROM employees e
      WHERE e.active AND ($12::uuid IS NULL OR e.office_id = $12::uuid))::int
    ELSE $10::int END)`;

/** Whether the count of `l` begins again: $4 now, $7 seconds of a key's window. */
const IS_OVER = `(CASE
    WHEN l.daily THEN l.locked_until IS NOT NULL OR l.started_at <= $4::timestamptz - interval '1 day'
    WHEN l.kind = 'KEY'
      THEN coalesce(l.locked_until, l.started_at) <= $4::timestamptz - $7::int * interval '1 second'
    ELSE false END)`;

/** How long the lock lasts that the failure with the number n.failures begins: $8 seconds at first, $9 at most. */
const LOCK_TIME = `(CASE WHEN l.daily THEN interval '1 day'
    ELSE least($9::int, $8::int * power(2, least(n.failures - ${TOO_MANY}, 20))) * interval '1 second' END)`;

/**
 * Counts a refused face for each of some counters: $1 kinds, $2 their subjects, $3 whether they are daily. One statement,
 * so that of refusals that race on several nodes each counts, and that a fault counts for nobody. A counter without a
 * row in the answer is locked already, and the client must not get this refusal.
 * A short counter locks from the one too many on, with each refused face for twice as long as before. A daily one locks
 * for a day, and then begins again.
 */
export const COUNT_FAILURE = `
  INSERT INTO lockouts AS l (kind, subject, daily, failures, started_at, last_failure_at, locked_until)
  SELECT l.kind, l.subject, l.daily, 1, $4::timestamptz, $4::timestamptz,
    CASE WHEN n.failures >= ${TOO_MANY} THEN $4::timestamptz + ${LOCK_TIME} END
  FROM unnest($1::text[], $2::text[], $3::boolean[]) AS l (kind, subject, daily), (SELECT 1 AS failures) n
  ON CONFLICT (kind, subject, daily) DO UPDATE SET (failures, started_at, last_failure_at, locked_until) = (
    SELECT n.failures, CASE WHEN n.failures = 1 THEN $4::timestamptz ELSE l.started_at END, $4::timestamptz,
      CASE WHEN n.failures >= ${TOO_MANY} THEN $4::timestamptz + ${LOCK_TIME} END
    FROM (SELECT CASE WHEN ${IS_OVER} THEN 1 ELSE l.failures + 1 END AS failures) n)
  WHERE l.locked_until IS NULL OR l.locked_until <= $4::timestamptz
  RETURNING l.kind, l.subject, l.daily, l.failures, l.locked_until`;

/** $1 kinds, $2 their subjects: up to two rows of each, of the short counter and of the daily one. */
export const READ_LOCKS = `
  SELECT l.kind, l.subject, l.daily, l.failures, l.locked_until FROM lockouts l
  JOIN unnest($1::text[], $2::text[]) AS s (kind, subject) ON l.kind = s.kind AND l.subject = s.subject`;

/** In SQL: until when somebody is locked. */
export const lockedUntilSql = (kind: 'EMPLOYEE' | 'KEY', subject: string, daily: boolean): string =>
  `(SELECT l.locked_until FROM lockouts l
    WHERE l.kind = '${kind}' AND l.subject = ${subject} AND l.daily = ${String(daily)})`;

/** $1 the employee's row id, $2 now. The daily count stays: several people may try faces at one door. */
export const FORGET = `
  DELETE FROM lockouts WHERE kind = 'EMPLOYEE' AND subject = $1 AND NOT daily
    AND (locked_until IS NULL OR locked_until <= $2)`;

/** $1 kind, $2 subject. */
export const CLEAR = 'DELETE FROM lockouts WHERE kind = $1 AND subject = $2 RETURNING locked_until';

/** $1 now. */
export const LIST = `
  SELECT l.kind, l.subject, l.daily, l.failures, l.locked_until FROM lockouts l
  WHERE l.locked_until > $1 AND l.kind <> 'VISIT'
  ORDER BY l.locked_until DESC, l.kind, l.subject, l.daily LIMIT 1000`;

/** $1 the moment before which a refusal is long ago. */
export const PURGE = `
  DELETE FROM lockouts WHERE last_failure_at < $1 AND (locked_until IS NULL OR locked_until < $1)`;
