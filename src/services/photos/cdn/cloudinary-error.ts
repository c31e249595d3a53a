/** What the CDN refuses of one photo on every attempt: no image, or larger than the account may store. */
const PERMANENT_REFUSAL = /invalid image|unsupported image|file size too large/i;

/** What an HTTP status of Cloudinary means to an operator. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the request was refused',
  401: 'wrong credentials or signature',
  403: 'the account does not allow this',
  404: 'the cloud name is unknown',
  413: 'the photo is too large',
  420: 'rate limit reached',
  429: 'rate limit reached',
};

/**
 * A photo could not be copied to the CDN or removed from it. The message is our own: Cloudinary's texts quote the API
 * key and the string that was signed.
 */
export class CdnError extends Error {
  override readonly name = 'CdnError';

  /**
   * @param permanent no attempt with this photo can ever succeed; everything else may be repaired (credentials, rate
   * limits, networks) and is worth another attempt
   * @param status of HTTP, if there was an answer
   */
  constructor(
    message: string,
    readonly permanent = false,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The SDK rejects with plain objects, objects that wrap an error, and Errors, and has no type for any of them. */
interface Rejection {
  readonly error?: unknown;
  readonly http_code?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
}

/** Any kind of rejection of the SDK as a CdnError. */
export function toCdnError(rejection: unknown): CdnError {
  const outer = asRejection(rejection);
  const { http_code: httpCode, message, code } = asRejection(outer.error ?? outer);
  const text = typeof message === 'string' ? message : '';
  // The SDK's own number for "nothing came within the idle timeout".
  if (httpCode === 499) return new CdnError('Cloudinary did not answer in time');
  if (typeof httpCode === 'number' && httpCode !== 200) {
    const permanent = httpCode === 413 || (httpCode === 400 && PERMANENT_REFUSAL.test(text));
    const meaning = permanent ? 'the photo is refused' : (MEANINGS[httpCode] ?? 'it has a fault');
    return new CdnError(`Cloudinary answered ${httpCode}: ${meaning}`, permanent, httpCode);
  }
  if (httpCode === 200 || text.includes('invalid JSON')) {
    return new CdnError('The answer does not come from Cloudinary', false, 200);
  }
  // A system error code such as ECONNRESET says enough; the message would name addresses.
  const reason = typeof code === 'string' && /^[A-Z0-9_]{3,40}$/.test(code) ? ` (${code})` : '';
  return new CdnError(`Could not reach Cloudinary, or the connection broke off${reason}`);
}

const asRejection = (value: unknown): Rejection => (typeof value === 'object' && value !== null ? value : {});
