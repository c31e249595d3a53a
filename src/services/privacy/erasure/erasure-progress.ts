import type { EntityManager } from 'typeorm';
import type { Erasure } from '../../../entities/erasure.entity';

/** What an erasure has still to remove. */
interface ErasureRemaining {
  readonly templates: number;
  /** Photos on the disk. */
  readonly photos: number;
  /** Copies on the CDN, and those that may be there because an upload was under way. */
  readonly assets: number;
}

export interface ErasureProgress extends ErasureRemaining {
  /** Why the last attempt failed; null: none did. */
  readonly lastError: string | null;
}

/** Photos that were discarded for another reason are taken over by the worker. */
const THEIRS = '(erasure_id = $1 OR subject_id = $2)';

const PROGRESS = `
  SELECT
    (SELECT count(*)::int FROM face_templates WHERE employee_id = $2) AS templates,
    (SELECT count(*)::int FROM discarded_images WHERE ${THEIRS} AND NOT local_removed)
      + (SELECT count(*)::int FROM attendances WHERE employee_id = $2 AND image_path IS NOT NULL)
      + (SELECT count(*)::int FROM employees WHERE id = $2 AND image_path IS NOT NULL) AS photos,
    (SELECT count(*)::int FROM discarded_images
       WHERE ${THEIRS} AND cloudinary_id IS NOT NULL AND NOT cdn_removed)
      + (SELECT count(*)::int FROM attendances WHERE employee_id = $2
         AND (image_cloudinary_id IS NOT NULL OR image_cdn_target IS NOT NULL))
      AS assets,
    (SELECT max(last_error) FROM discarded_images WHERE ${THEIRS}) AS photo_error`;

/** What the rows say is left. */
export async function erasureProgress(
  manager: EntityManager,
  { id, subjectId, completedAt, lastError }: Erasure,
): Promise<ErasureProgress> {
  if (completedAt !== null) return { templates: 0, photos: 0, assets: 0, lastError: null };
  const [row] = await manager.query<(ErasureRemaining & { photo_error: string | null })[]>(PROGRESS, [
    id,
    subjectId,
  ]);
  const { photo_error: photoError = null, ...remaining } = row ?? { templates: 0, photos: 0, assets: 0 };
  return { ...remaining, lastError: lastError ?? photoError };
}
