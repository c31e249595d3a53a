import type { BackOff } from '../../../database/leased-rows';

/** The paces at which copies to the CDN are tried, in milliseconds. */
export interface UploadTiming extends BackOff {
  /** How often the uploader asks the rows for due uploads; the question is one look at a partial index. */
  readonly pollMs: number;
  /** How long a CDN that failed several times in a row is left alone before one photo asks whether it is back. */
  readonly breakerPauseMs: number;
  /** How often the CDN is asked whether it still has some photos. */
  readonly checkMs?: number;
}

/** What the service runs with: constants rather than settings, since nobody needs to tune them; tests go faster. */
export const UPLOAD_TIMING: UploadTiming = {
  pollMs: 2000,
  breakerPauseMs: 15_000,
  firstRetryMs: 2000,
  maxRetryMs: 15 * 60_000,
  checkMs: 60_000,
};

/** Added to the CDN's deadline: within it the node that took an upload also writes down what came of it. */
const LEASE_SLACK_SECONDS = 30;

/** The longest deadline that can be configured (CLOUDINARY_TIMEOUT_MS). */
const LONGEST_TIMEOUT_MS = 120_000;

/** How long a node that took an upload has for it. */
export const uploadLeaseSeconds = (cdnTimeoutMs: number): number =>
  Math.ceil(cdnTimeoutMs / 1000) + LEASE_SLACK_SECONDS;

/** How long an upload may be under way on a node whose configuration is not known. */
export const LONGEST_UPLOAD_SECONDS = uploadLeaseSeconds(LONGEST_TIMEOUT_MS);
