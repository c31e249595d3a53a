import type { EntityManager } from 'typeorm';
import type { Erasure } from '../../entities/erasure.entity';
import type { LocalStore } from '../storage/local-store';
import { ERASED_REASON } from './erase-attendance';
import { erasedEmployeeId } from './forget-person';

/** Counts whatever still tells of the person; the CDN's word is in the rows of its photos. */
const LEFT_IN_DATABASE = `
  SELECT
    (SELECT count(*)::int FROM face_templates WHERE employee_id = $1)
    + (SELECT count(*)::int FROM employees WHERE id = $1
         AND (NOT $2::boolean OR active OR image_path IS NOT NULL OR employee_id <> $3 OR consent_version IS NOT NULL))
    + (SELECT count(*)::int FROM attendances WHERE employee_id = $1
         AND (NOT $2::boolean OR image_path IS NOT NULL OR image_cloudinary_id IS NOT NULL OR similarity IS NOT NULL
           OR latitude IS NOT NULL OR distance_from_office IS NOT NULL OR request_id IS NOT NULL
           OR manual_reason <> '${ERASED_REASON}'))
    + (SELECT count(*)::int FROM challenges WHERE employee_id = $1)
    + (SELECT count(*)::int FROM export_tickets WHERE subject_id = $1)
    + (SELECT count(*)::int FROM lockouts WHERE kind = 'EMPLOYEE' AND subject = $1::text)
    + (SELECT count(*)::int FROM discarded_images WHERE (erasure_id = $4 OR subject_id = $1)
         AND NOT (local_removed AND cdn_removed)) AS count`;

const PAGE = 500;

/**
 * Looks for what is left in the database, on disk and, as it answered when it was last asked to remove them, on the
 * CDN. A file that is there again is due for removal again.
 * @returns whether nothing is
 */
export async function proveErasure(
  manager: EntityManager,
  local: LocalStore,
  { id: erasureId, subjectId, keepAttendance }: Erasure,
): Promise<boolean> {
  const [{ count } = { count: 1 }] = await manager.query<{ count: number }[]>(LEFT_IN_DATABASE, [
    ...[subjectId, keepAttendance, erasedEmployeeId(subjectId), erasureId],
  ]);
  if (count > 0) return false;
  let clean = true;
  for (let after: string | null = null; ;) {
    const page: { id: string; path: string }[] = await manager.query(
      `SELECT id, path FROM discarded_images WHERE erasure_id = $1 AND ($2::uuid IS NULL OR id > $2)
       ORDER BY id LIMIT ${PAGE}`,
      [erasureId, after],
    );
    for (const { id, path } of page) {
      if ((await local.modifiedAt(path)) === null || (await isSomebodys(manager, path))) continue;
      clean = false;
      await manager.query(
        'UPDATE discarded_images SET local_removed = false, next_at = now() WHERE id = $1',
        [id],
      );
    }
    if (page.length < PAGE) return clean;
    after = page.at(-1)?.id ?? null;
  }
}

/** The employeeId is free, so somebody may have come in with it: then the file of this name is theirs. */
async function isSomebodys(manager: EntityManager, path: string): Promise<boolean> {
  const [row] = await manager.query<unknown[]>('SELECT 1 FROM employees WHERE image_path = $1', [path]);
  return row !== undefined;
}
