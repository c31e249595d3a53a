import { recordedSql } from '../../idempotency/idempotency';

/** Whether the check that is at hand may use challenge `c`: $2 caller, $3 officeId, $4 the key of the employeeId. */
const BOUND = `(c.caller = $2 AND c.office_id IS NOT DISTINCT FROM $3::uuid AND (c.employee_id IS NULL OR EXISTS (
  SELECT FROM employees e WHERE e.id = c.employee_id AND e.employee_id_key = $4::text)))`;

export const INSERT = `
  INSERT INTO challenges (id, token_hash, caller, office_id, employee_id, actions, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** $1 caller, $2 now. */
export const COUNT_OPEN = `
  SELECT count(*)::int AS count, min(expires_at) AS earliest FROM challenges
  WHERE caller = $1 AND used_at IS NULL AND expires_at > $2`;

/** $1 hash, $5 requestId, $6 now. One statement: the row's lock lets one of racing checks through. */
export const REDEEM = `
  UPDATE challenges c SET used_at = $6, request_id = $5
  WHERE c.token_hash = $1 AND c.used_at IS NULL AND c.expires_at > $6 AND ${BOUND}
  RETURNING c.actions`;

/** $1 hash, $5 requestId. `repeated`: the check with this requestId used it and recorded a punch. */
export const EXPLAIN = `
  SELECT c.actions, ${BOUND} AS bound, c.used_at IS NOT NULL AS used,
    coalesce(c.request_id = $5::text AND ${recordedSql('$5')}, false) AS repeated
  FROM challenges c WHERE c.token_hash = $1`;

/** $1 hash, $2 when it was used: only by the check that gives it back. */
export const GIVE_BACK = `
  UPDATE challenges SET used_at = NULL, request_id = NULL WHERE token_hash = $1 AND used_at = $2`;

/** $1 the moment before which expiry is long ago. */
export const PURGE = 'DELETE FROM challenges WHERE expires_at < $1';
