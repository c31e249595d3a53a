import { recordedSql } from '../../idempotency/idempotency';

/** Whether a claim may take a sample; null counts as no. */
function free(sample: string): string {
  return `coalesce(${sample}.seen_at < $5 OR (${sample}.caller = $2 AND ${sample}.request_id = $3
    AND (${sample}.first_seen_at > $6 OR ${recordedSql('$3')})), false)`;
}

/**
 * Takes all of some samples, or none if one is refused: $1 hashes, $2 caller, $3 requestId, $4 now, $5 the window's
 * start. A sample is free if it is new or was seen before the window, or if the same check took it: one that
 * recorded a punch gets its answer again at any time, for it records no other one; any other is a retry only for a
 * while, from $6 on, or a requestId would be a way around the guard. A retry's samples get another time, so that the
 * earlier attempt, should it end in a fault after this one, no longer releases them; `fresh` are the others.
 * One statement, and rows are locked in one order, so claims do not deadlock. Of claims that race for a new sample one
 * gets it; the other gets only its remaining samples, fewer than it asked for, and has to release them.
 */
export const CLAIM = `
  WITH asked AS (SELECT hash FROM unnest($1::bytea[]) AS hash),
    refused AS (SELECT FROM seen_samples s JOIN asked USING (hash) WHERE NOT ${free('s')})
  INSERT INTO seen_samples AS s (hash, caller, request_id, first_seen_at, seen_at)
  SELECT hash, $2, $3, $4::timestamptz, $4::timestamptz FROM asked
  WHERE NOT EXISTS (SELECT FROM refused) ORDER BY hash
  ON CONFLICT (hash) DO UPDATE SET caller = excluded.caller, request_id = excluded.request_id,
    first_seen_at = CASE WHEN s.seen_at < $5 THEN excluded.first_seen_at ELSE s.first_seen_at END,
    seen_at = CASE WHEN s.seen_at < $5 THEN excluded.seen_at
      ELSE greatest(excluded.seen_at, s.seen_at + interval '1 millisecond') END
    WHERE ${free('s')}
  RETURNING hash, first_seen_at = seen_at AS fresh`;

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
