import { hashOf, isSame } from '../encryption/tokens';
import { isEmployeePhoto } from './local/media-paths';

interface MediaAddressesOptions {
  /** Under which addresses are signed; null: they are not. */
  readonly key: Buffer | null;
  /** How long an address is good at most; at least half of that is left when it is given. */
  readonly ttlSeconds: number;
  /** Without a slash at its end; asked late, since a port of 0 is known late. */
  readonly publicUrl: () => string;
  /** Row id of the employee whose photo has this path now; null: none. */
  readonly employeeOf: (path: string) => Promise<string | null>;
  readonly now: () => Date;
}

/** A row with a photo. */
export interface PhotoRow {
  readonly id: string;
  readonly image: { readonly path: string | null };
}

/** What a request's query says about its right to the photo. */
type MediaAdmission =
  | { readonly kind: 'signed'; readonly secondsLeft: number }
  /** Neither parameter is there. */
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'expired' | 'invalid' };

/** Taken into each signature: one of another purpose or of a later form is never taken for one of these. */
const VERSION = 'rollcall-media-1';
/**
 * The form for paths that an employeeId is in. An erasure frees the employeeId for another person, so the signature names
 * the row too.
 */
const OF_EMPLOYEE = 'rollcall-media-2';
/**
 * The whole query and nothing else: a parameter that is repeated, added or put elsewhere makes another address. A
 * number has one spelling, and the signature is compared as text, since base64 has several for its last bits.
 */
const QUERY = /^expires=([1-9]\d{0,11})&signature=([A-Za-z0-9_-]{43})$/;
const NOTHING_SIGNED = /^(?!.*(?:expires|signature))/i;

/** Makes the addresses of local photos, and checks whether an address is genuine and has not expired. */
export class MediaAddresses {
  constructor(private readonly options: MediaAddressesOptions) {}

  get signed(): boolean {
    return this.options.key !== null;
  }

  /** @returns null: the row has no photo */
  address({ id, image: { path } }: PhotoRow): string | null {
    if (path === null) return null;
    const { key, publicUrl } = this.options;
    const plain = `${publicUrl()}/media/${path.split('/').map(encodeURIComponent).join('/')}`;
    if (key === null) return plain;
    const expires = String(this.expiry());
    return `${plain}?expires=${expires}&signature=${sign(key, path, expires, isEmployeePhoto(path) ? id : null)}`;
  }

  /**
   * @param path below the media folder, decoded
   * @param query of the request as received, without the question mark
   */
  async admit(path: string, query: string): Promise<MediaAdmission> {
    const { key, ttlSeconds, employeeOf, now } = this.options;
    if (NOTHING_SIGNED.test(query)) return { kind: 'unsigned' };
    const [, expires, signature] = QUERY.exec(query) ?? [];
    if (key === null || expires === undefined || signature === undefined) return { kind: 'invalid' };
    const employee = isEmployeePhoto(path) ? ((await employeeOf(path)) ?? NOBODY) : null;
    if (!isSame(signature, sign(key, path, expires, employee))) return { kind: 'invalid' };
    const secondsLeft = Math.floor(Number(expires) - now().getTime() / 1000);
    // Given out under a longer lifetime, or made by somebody who had the key for a moment.
    if (secondsLeft > ttlSeconds) return { kind: 'invalid' };
    return secondsLeft > 0 ? { kind: 'signed', secondsLeft } : { kind: 'expired' };
  }

  /** The same for half of the time to live, so that a browser that is given an address again has the photo already. */
  private expiry(): number {
    const half = Math.floor(this.options.ttlSeconds / 2);
    return (Math.floor(this.options.now().getTime() / 1000 / half) + 2) * half;
  }
}

/** No row has this id, so no address is signed for it. */
const NOBODY = 'nobody';

/** The path has no line breaks, so the parts are unambiguous. @param employee row id; null: the path names the row */
const sign = (key: Buffer, path: string, expires: string, employee: string | null): string =>
  hashOf(
    employee === null
      ? `${VERSION}\n${path}\n${expires}`
      : `${OF_EMPLOYEE}\n${path}\n${employee}\n${expires}`,
    key,
  ).toString('base64url');
