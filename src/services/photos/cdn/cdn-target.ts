import type { StoredImage } from '../../../entities/stored-image';

/** Where on the CDN a photo is, or may be because an upload to there was begun. */
export interface CdnTarget {
  /** The account. */
  readonly cloudName: string;
  /** The whole public id, folder included. */
  readonly publicId: string;
}

/** Where a copy is. Null: the account is unknown, because an old row does not contain it and its URL does not show it. */
export interface CopyLocation {
  readonly cloudName: string | null;
  readonly publicId: string;
}

/** The columns that show where a copy may be. */
export type CopyColumns = Pick<StoredImage, 'cdnTarget' | 'cloudinaryUrl' | 'cloudinaryId'>;

/** As stored in rows. A cloud name contains no slash. */
export const formatTarget = ({ cloudName, publicId }: CdnTarget): string => `${cloudName}/${publicId}`;

/** The other way round. */
export function parseTarget(target: string): CdnTarget {
  const slash = target.indexOf('/');
  return { cloudName: target.slice(0, slash), publicId: target.slice(slash + 1) };
}

/** Where a copy is known to be or may be. @returns null: no upload was begun, as far as the row knows */
export function targetOf({ cdnTarget, cloudinaryUrl, cloudinaryId }: CopyColumns): CopyLocation | null {
  if (cdnTarget !== null) return parseTarget(cdnTarget);
  if (cloudinaryId === null) return null;
  return { cloudName: cloudinaryUrl === null ? null : cloudOf(cloudinaryUrl), publicId: cloudinaryId };
}

/** Cloudinary's two kinds of delivery hosts; a company's own domain does not say. */
const SHARED_HOST = /^https?:\/\/res\.cloudinary\.com\/([\w-]+)\//;
const OWN_HOST = /^https?:\/\/([\w-]+)-res\.cloudinary\.com\//;

/** The account whose address this is; null if it does not say. */
const cloudOf = (url: string): string | null => (SHARED_HOST.exec(url) ?? OWN_HOST.exec(url))?.[1] ?? null;
