/**
 * Samples that are new, or were seen before the window: $1 hashes, $2 caller, $3 requestId, $4 now, $5 the window's
 * start. The others are locked as well until the transaction ends, in one order, so that claims do not deadlock.
 */
export const CLAIM = `
  INSERT INTO seen_samples (hash, caller, request_id, first_seen_at, seen_at)
  SELECT hash, $2, $3, $4, $4 FROM unnest($1::bytea[]) AS hash ORDER BY hash
  ON CONFLICT (hash) DO UPDATE SET caller = excluded.caller, request_id = excluded.request_id,
    first_seen_at = excluded.first_seen_at, seen_at = excluded.seen_at
    WHERE seen_samples.seen_at < $5
  RETURNING hash`;

/**
 * Samples $1 without $2 that the same check took before: $3 caller, $4 requestId, $5 now. They get another time, so
 * that the earlier attempt, should it end in a fault after this one, no longer releases them. A check that recorded a
 * punch gets its answer again at any time, for it records no other one; any other is a retry only for a while, from
 * $6 on, or a requestId would be a way around the guard.
 */
export const CLAIM_AGAIN = `
  UPDATE seen_samples SET seen_at = greatest($5::timestamptz, seen_at + interval '1 millisecond')
  WHERE hash = ANY($1::bytea[]) AND hash <> ALL($2::bytea[]) AND caller = $3 AND request_id = $4
    AND (first_seen_at > $6 OR EXISTS (SELECT FROM attendances a WHERE a.request_id = $4::text))
  RETURNING hash`;

/** $1 hashes, $2 caller, $3 requestId, $4 when the claim was made: what others took since is not ours any more. */
export const RELEASE = `
  DELETE FROM seen_samples
  WHERE hash = ANY($1::bytea[]) AND caller = $2 AND request_id IS NOT DISTINCT FROM $3 AND seen_at = $4`;

/** $1 hashes, $2 caller, $3 now. Another time than that of a check's claim, which then cannot be released. */
export const REMEMBER = `
  INSERT INTO seen_samples (hash, caller, request_id, first_seen_at, seen_at)
  SELECT hash, $2, NULL, $3, $3 FROM unnest($1::bytea[]) AS hash ORDER BY hash
  ON CONFLICT (hash) DO UPDATE SET caller = excluded.caller, request_id = NULL,
    seen_at = greatest(excluded.seen_at, seen_samples.seen_at + interval '1 millisecond')`;

/** $1 the window's start, $2 at most how many: one statement over years of samples would meet its deadline. */
export const PURGE = `
  DELETE FROM seen_samples WHERE hash IN (SELECT hash FROM seen_samples WHERE seen_at < $1 LIMIT $2)`;
