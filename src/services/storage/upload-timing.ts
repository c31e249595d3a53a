/** The paces at which copies to the CDN are tried, in milliseconds. */
export interface UploadTiming {
  /** How often the uploader asks the rows for due uploads; the question is one look at a partial index. */
  readonly pollMs: number;
  /** How long a CDN that failed several times in a row is left alone before one photo asks whether it is back. */
  readonly breakerPauseMs: number;
  /** After the first failure of a photo; doubles with each further one. Half fixed, half random. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

/** What the service runs with: constants rather than settings, since nobody needs to tune them; tests go faster. */
export const UPLOAD_TIMING: UploadTiming = {
  pollMs: 2000,
  breakerPauseMs: 15_000,
  firstRetryMs: 2000,
  maxRetryMs: 15 * 60_000,
};
