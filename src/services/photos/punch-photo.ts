import { targetOf } from './cdn/cdn-target';
import { discardOf, discardOfCopy, type CdnPlace, type Discard } from './cdn/discard';

/** What rows of attendances say of their photo, as PUNCH_PHOTO_COLUMNS selects it. */
export interface PunchPhotoRow {
  readonly id: string;
  readonly path: string | null;
  readonly cdn_target: string | null;
  readonly cloudinary_url: string | null;
  readonly cloudinary_id: string | null;
}

export const PUNCH_PHOTO_COLUMNS = `id, image_path AS path, image_cdn_target AS cdn_target,
  image_cloudinary_url AS cloudinary_url, image_cloudinary_id AS cloudinary_id`;

/** How to remove the photos of these punches; some may have none. */
export function discardsOf(
  punches: readonly PunchPhotoRow[],
  cdn: CdnPlace | null,
  owner: 'attendances' | 'review_items' = 'attendances',
): Discard[] {
  return punches.flatMap(({ id, path, ...row }) => {
    const image = {
      cdnTarget: row.cdn_target,
      cloudinaryUrl: row.cloudinary_url,
      cloudinaryId: row.cloudinary_id,
    };
    if (path !== null) return [discardOf({ owner, id, path }, image, cdn)];
    // A node of the version before takes the photo away and leaves the place of its copy.
    const copy = targetOf(image);
    return copy === null ? [] : [discardOfCopy(copy)];
  });
}
