import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { CloudinaryConfig } from '../../../config/config';
import { DiscardedImage } from '../../../entities/discarded-image.entity';
import { targetOf, type CopyColumns, type CopyLocation } from './cdn-target';
import { publicIdOf, tagOf, type ImageRef } from '../local/image-owner';
import { LONGEST_UPLOAD_SECONDS, uploadLeaseSeconds } from './upload-timing';

/** A discarded photo. */
export interface Discard {
  /** Of the local copy, below the media folder; null: it stays. */
  readonly path: string | null;
  /** The whole public id under which the CDN may have it; null: it cannot. */
  readonly cloudinaryId: string | null;
  /** The tag of all its copies; null: it has none, or a photo that stays has the same. */
  readonly tag: string | null;
  /** The account that it may be in; null: the one that is configured. */
  readonly cloudName: string | null;
  /** For how long an upload of it may still be under way: one that lands after the removal would stay for ever. */
  readonly waitSeconds: number;
}

/** Whose photos are discarded. */
export interface DiscardedFor {
  /** Row id of the employee. */
  readonly subjectId: string;
  readonly erasureId?: string | null;
}

/** Where copies of photos go on the CDN. */
export interface CdnPlace {
  readonly cloudName: string;
  readonly folder: string;
  /** How long a node that took an upload has for it. */
  readonly leaseSeconds: number;
}

/** null: no Cloudinary credentials, so they go nowhere. */
export const cdnPlaceOf = (cloudinary: CloudinaryConfig | null): CdnPlace | null =>
  cloudinary && {
    cloudName: cloudinary.cloudName,
    folder: cloudinary.folder,
    leaseSeconds: uploadLeaseSeconds(cloudinary.timeoutMs),
  };

/**
 * How to remove a discarded photo.
 * @param cdn null: no Cloudinary credentials, so no upload is running
 */
export function discardOf(ref: ImageRef, image: CopyColumns, cdn: CdnPlace | null): Discard {
  const target = targetOf(image);
  const pending = image.cloudinaryUrl === null;
  if (target !== null) {
    const { publicId, cloudName } = target;
    return {
      path: ref.path,
      cloudinaryId: publicId,
      tag: tagOf(ref),
      cloudName,
      waitSeconds: pending ? waitSeconds(cdn) : 0,
    };
  }
  // Before targets were kept an upload left no trace until it was answered, and its account is not known.
  const publicId = pending && cdn !== null ? `${cdn.folder}/${publicIdOf(ref)}` : null;
  return {
    path: ref.path,
    cloudinaryId: publicId,
    tag: publicId === null ? null : tagOf(ref),
    cloudName: null,
    waitSeconds: publicId === null ? 0 : waitSeconds(cdn),
  };
}

/** How long an upload may be under way: on a node that is configured otherwise, where this one uploads nothing. */
const waitSeconds = (cdn: CdnPlace | null): number => cdn?.leaseSeconds ?? LONGEST_UPLOAD_SECONDS;

/** That only of a copy at another place than uploads go to by now; the photo stays. */
export const discardOfCopy = ({ publicId, cloudName }: CopyLocation): Discard => ({
  path: null,
  cloudinaryId: publicId,
  tag: null,
  cloudName,
  waitSeconds: LONGEST_UPLOAD_SECONDS,
});

/**
 * Has photos removed from disk and CDN after the transaction that discards them is committed.
 * @param whose the person in the photos, and the erasure that waits for their removal
 */
export async function discardImages(
  manager: EntityManager,
  discards: readonly Discard[],
  { subjectId, erasureId = null }: DiscardedFor,
): Promise<void> {
  if (discards.length === 0) return;
  await manager.insert(
    DiscardedImage,
    discards.map(({ path, cloudinaryId, tag, cloudName, waitSeconds }) => ({
      id: uuidv7(),
      path,
      localRemoved: path === null,
      cloudinaryId,
      cdnTag: tag,
      cloudName,
      subjectId,
      erasureId,
      // Of this moment: the transaction may have waited for a lock.
      cdnAfter: () => `clock_timestamp() + ${waitSeconds} * interval '1 second'`,
    })),
  );
}
