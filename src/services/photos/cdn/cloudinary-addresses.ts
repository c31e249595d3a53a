import { sdk } from './cloudinary-sdk';

/** How an asset is delivered: to everybody who knows its address, or only at addresses that we signed. */
export type DeliveryType = 'upload' | 'authenticated';

export const DELIVERY_TYPES: readonly DeliveryType[] = ['upload', 'authenticated'];

/** A photo on the CDN, as rows have it. */
export interface CdnCopy {
  /** The address at delivery, without a signature: of an authenticated asset it opens nothing by itself. */
  readonly url: string;
  readonly publicId: string;
}

interface Account {
  readonly cloudName: string;
  readonly apiSecret: string;
}

/** `/<cloud>/image/authenticated/…`; accounts with a private host have no cloud name in the path. */
const AUTHENTICATED = /^(\/(?:[^/]+\/)?image\/authenticated\/)(?:s--[A-Za-z0-9_-]+--\/)?/;
const SIGNATURE = /\/(s--[A-Za-z0-9_-]+--\/)/;

export const isWebAddress = (text: unknown): text is string =>
  typeof text === 'string' && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Whether this is the URL of an asset with this public id. */
export function namesAsset(url: string, publicId: string): boolean {
  const encoded = publicId.split('/').map(encodeURIComponent).join('/');
  const { pathname } = new URL(url);
  return publicId !== '' && [publicId, encoded].some((id) => pathname.includes(`/${id}`));
}

/** The URL shows how the asset is delivered, so both kinds can exist side by side. */
export const deliveryTypeOf = (url: string): DeliveryType =>
  AUTHENTICATED.test(new URL(url).pathname) ? 'authenticated' : 'upload';

/** The stored part of a URL: a reader of the rows must not see the photos. */
export function withoutSignature(url: string): string {
  const parsed = new URL(url);
  parsed.pathname = parsed.pathname.replace(AUTHENTICATED, '$1');
  return parsed.href;
}

/** The address of a photo to be handed out, signed if that is needed. */
export function photoAddress(account: Account, copy: CdnCopy): string {
  if (deliveryTypeOf(copy.url) === 'upload') return copy.url;
  const url = new URL(copy.url);
  const [, format] = /\.(\w+)$/.exec(url.pathname) ?? [];
  const signed = sdk().url(copy.publicId, {
    ...optionsOf(account, copy),
    ...(format === undefined ? {} : { format }),
  });
  const [, signature = ''] = SIGNATURE.exec(signed) ?? [];
  url.pathname = url.pathname.replace(AUTHENTICATED, `$1${signature}`);
  return url.href;
}

/** The address of a square crop of the face. @param size in pixels */
export function thumbnailAddress(account: Account, copy: CdnCopy, size: number): string {
  return sdk().url(copy.publicId, {
    ...optionsOf(account, copy),
    transformation: [
      { width: size, height: size, crop: 'thumb', gravity: 'face' },
      { fetch_format: 'auto', quality: 'auto' },
    ],
  });
}

/** The SDK signs a URL if it knows the type. Its configuration is global, so we pass all options. */
function optionsOf({ cloudName, apiSecret }: Account, { url }: CdnCopy) {
  const [, version] = /\/v(\d+)\//.exec(url) ?? [];
  const type = deliveryTypeOf(url);
  return {
    cloud_name: cloudName,
    secure: true,
    urlAnalytics: false,
    // A photo that was replaced is then not served from a cache.
    ...(version === undefined ? { force_version: false } : { version }),
    ...(type === 'upload' ? {} : { type, sign_url: true, api_secret: apiSecret }),
  };
}
