import { createHash } from 'node:crypto';

export interface StoredAsset {
  readonly publicId: string;
  readonly bytes: Buffer;
  readonly secureUrl: string;
  /** How often this public id was written, overwriting included. */
  readonly uploads: number;
  /** Delivery type: `upload` unless the client asked for another, e.g. `authenticated`. */
  readonly type: string;
  /** All fields of the last upload except the file, the API key and the signature. */
  readonly params: Record<string, string>;
  /** What the client was answered. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** `/<cloud>/image/<type>/[s--signature--/][transformations/][v<version>/]<public id>[.<format>]` */
const ADDRESS = /^\/([^/]+)\/image\/(upload|authenticated)\/(?:s--([A-Za-z0-9_-]{8})--\/)?/;
const TRANSFORMATION = /^(?:[a-z]{1,3}_[^/,]+(?:,[a-z]{1,3}_[^/,]+)*)$/;

export interface Delivered {
  readonly status: 200 | 401 | 404;
  readonly bytes: Buffer;
}

const nothing = (status: 401 | 404): Delivered => ({ status, bytes: Buffer.alloc(0) });

/**
 * Answers as Cloudinary's delivery hosts do. An authenticated asset needs an address signed by its account, and each
 * transformation has its own signature. The picture itself is not transformed.
 */
export function deliver(
  pathname: string,
  assets: ReadonlyMap<string, StoredAsset>,
  { cloudName, apiSecret }: { readonly cloudName: string; readonly apiSecret: string },
): Delivered {
  const [, cloud, type, signature] = ADDRESS.exec(pathname) ?? [];
  if (cloud !== cloudName) return nothing(404);
  const parts = pathname.split('/').slice(signature === undefined ? 4 : 5);
  const transformations = parts.slice(
    0,
    parts.findIndex((part) => !TRANSFORMATION.test(part)),
  );
  const rest = parts.slice(transformations.length);
  const source = (/^v\d+$/.test(rest[0] ?? '') ? rest.slice(1) : rest).join('/');
  const publicId = decodeURIComponent(source);
  const asset = assets.get(publicId) ?? assets.get(publicId.replace(/\.\w+$/, ''));
  if (asset === undefined || asset.type !== type) return nothing(404);
  if (type === 'authenticated') {
    const toSign = [...transformations, source].join('/');
    if (signature !== deliverySignature(toSign, apiSecret)) return nothing(401);
  }
  return { status: 200, bytes: asset.bytes };
}

/** The first 8 characters, as Cloudinary's documentation has it ("Using authentication signatures"). */
export const deliverySignature = (toSign: string, apiSecret: string): string =>
  createHash('sha1')
    .update(toSign + apiSecret)
    .digest('base64')
    .slice(0, 8)
    .replaceAll('/', '_')
    .replaceAll('+', '-');
