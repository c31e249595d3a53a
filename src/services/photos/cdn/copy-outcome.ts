import type { StoredImage } from '../../../entities/stored-image';

/** What came of one attempt to copy a photo to the CDN. */
export type CopyOutcome =
  | { readonly kind: 'uploaded'; readonly url: string; readonly publicId: string }
  | { readonly kind: 'failed' | 'given-up'; readonly reason: string }
  /** The row is gone or has another photo by now. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'circuit-open' };

/** What an attempt changed of the row's image. */
export type ImageChange = Partial<
  Pick<StoredImage, 'cloudinaryUrl' | 'cloudinaryId' | 'uploadAttempts' | 'uploadError' | 'uploadGivenUpAt'>
>;
