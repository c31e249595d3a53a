import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DiscardedImage } from '../../entities/discarded-image.entity';
import type { StoredImage } from '../../entities/stored-image';
import { publicIdOf, type ImageRef } from './image-owner';

/** A photo that is let go of. */
export interface Discard {
  /** Of the local copy, below the media folder. */
  readonly path: string;
  /** The whole public id under which the CDN may have it; null: it cannot. */
  readonly cloudinaryId: string | null;
  /** For how long an upload of it may still be under way: one that lands after the removal would stay for ever. */
  readonly waitSeconds: number;
}

/** Whose photos are let go of. */
export interface DiscardedFor {
  /** Row id of the employee. */
  readonly subjectId: string;
  readonly erasureId?: string | null;
}

/** Where copies of photos go on the CDN. */
export interface CdnPlace {
  readonly folder: string;
  /** How long a node that took an upload has for it. */
  readonly leaseSeconds: number;
}

/**
 * How a photo that is let go of is to be removed.
 * @param cdn null: no Cloudinary credentials, so nothing is being uploaded
 */
export function discardOf(
  ref: ImageRef,
  { cloudinaryId, cloudinaryUrl }: Pick<StoredImage, 'cloudinaryId' | 'cloudinaryUrl'>,
  cdn: CdnPlace | null,
): Discard {
  const uploading = cloudinaryUrl === null && cdn !== null;
  return {
    path: ref.path,
    cloudinaryId: cloudinaryId ?? (uploading ? `${cdn.folder}/${publicIdOf(ref)}` : null),
    waitSeconds: uploading ? cdn.leaseSeconds : 0,
  };
}

/**
 * Has photos removed from disk and CDN, once the transaction that lets go of them is committed.
 * @param whose who is on them, and the erasure that is complete only when they are gone
 */
export async function discardImages(
  manager: EntityManager,
  discards: readonly Discard[],
  { subjectId, erasureId = null }: DiscardedFor,
): Promise<void> {
  if (discards.length === 0) return;
  await manager.insert(
    DiscardedImage,
    discards.map(({ path, cloudinaryId, waitSeconds }) => ({
      id: uuidv7(),
      path,
      cloudinaryId,
      subjectId,
      erasureId,
      cdnAfter: () => `now() + ${waitSeconds} * interval '1 second'`,
    })),
  );
}
