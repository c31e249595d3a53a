import type { CdnTarget } from './cdn-target';
import type { CdnCopy } from './cloudinary-addresses';

export type { CdnCopy } from './cloudinary-addresses';
export { CdnError } from './cloudinary-error';

/** Where photos are copied to once they are safe on the local disk. */
export interface Cdn {
  /** The name of the account. */
  readonly cloudName: string;

  /** Where an upload under this id goes. */
  target(publicId: string): CdnTarget;

  /**
   * Copies a photo, over an older one of the same id, so that an attempt whose answer got lost is repeated safely.
   * @param tag by which its copies are found if the account changes the ids of uploads
   * @returns where it is, and the id under which the CDN knows it
   * @throws CdnError
   */
  upload(jpeg: Buffer, publicId: string, tag?: string): Promise<CdnCopy>;

  /**
   * Removes a photo, also from the CDN's caches.
   * @returns whether there was one; `absent` is the CDN's word that it has none
   * @throws CdnError
   */
  destroy(publicId: string): Promise<'removed' | 'absent'>;

  /**
   * Removes all photos with a tag, also from the CDN's caches.
   * @returns whether there were any
   * @throws CdnError
   */
  destroyTagged(tag: string): Promise<'removed' | 'absent'>;

  /**
   * Which of these photos the CDN does not have any more, because somebody deleted them there.
   * @param copies at most 100
   * @throws CdnError
   */
  missing(copies: readonly CdnCopy[]): Promise<CdnCopy[]>;

  /** An address at which the photo can be seen. */
  address(copy: CdnCopy): string;

  /** @param size of the square, in pixels */
  thumbnailUrl(copy: CdnCopy, size: number): string;

  /** Closes connections that wait for another call. */
  close(): void;
}
