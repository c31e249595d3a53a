import type { DataSource, EntityManager } from 'typeorm';
import type { Erasure } from '../../../entities/erasure.entity';
import type { LocalStore } from '../../photos/local/local-store';
import { recentFolders, type Orphans } from '../../photos/local/orphans';
import { ERASED_REASON } from './erase-attendance';
import { erasedEmployeeId } from './forget-person';

/** Counts whatever still tells of the person; the CDN's word is in the rows of its photos. */
const LEFT_IN_DATABASE = `
  SELECT
    (SELECT count(*)::int FROM face_templates WHERE employee_id = $1)
    + (SELECT count(*)::int FROM employees WHERE id = $1
         AND (NOT $2::boolean OR active OR image_path IS NOT NULL OR employee_id <> $3 OR consent_version IS NOT NULL))
    + (SELECT count(*)::int FROM attendances WHERE employee_id = $1
         AND (NOT $2::boolean OR image_path IS NOT NULL OR image_cloudinary_id IS NOT NULL
           OR image_cdn_target IS NOT NULL OR similarity IS NOT NULL
           OR latitude IS NOT NULL OR position_accuracy_meters IS NOT NULL OR position_taken_at IS NOT NULL OR distance_from_office IS NOT NULL OR request_id IS NOT NULL
           OR manual_reason <> '${ERASED_REASON}'))
    + (SELECT count(*)::int FROM review_items WHERE employee_id = $1)
    + (SELECT count(*)::int FROM corrections WHERE employee_id = $1
         AND (NOT $2::boolean OR reason <> '${ERASED_REASON}' OR note IS NOT NULL))
    + (SELECT count(*)::int FROM attendance_voids v JOIN attendances a ON a.id = v.attendance_id
         WHERE a.employee_id = $1 AND (v.reason <> '${ERASED_REASON}' OR v.restore_reason <> '${ERASED_REASON}'))
    + (SELECT count(*)::int FROM challenges WHERE employee_id = $1)
    + (SELECT count(*)::int FROM export_tickets WHERE subject_id = $1)
    + (SELECT count(*)::int FROM lockouts WHERE kind = 'EMPLOYEE' AND subject = $1::text)
    + (SELECT count(*)::int FROM discarded_images WHERE (erasure_id = $4 OR subject_id = $1)
         AND NOT (local_removed AND cdn_removed)) AS count`;

const PAGE = 500;
/** A check that was under way when the erasure was asked for may have written its photo so much later. */
const UNDER_WAY_MS = 60_000;

/** Whether the rows, the CDN's answers among them, have nothing left of the person. */
export async function rowsAreClean(
  manager: EntityManager,
  { id: erasureId, subjectId, keepAttendance }: Erasure,
): Promise<boolean> {
  const [{ count } = { count: 1 }] = await manager.query<{ count: number }[]>(LEFT_IN_DATABASE, [
    ...[subjectId, keepAttendance, erasedEmployeeId(subjectId), erasureId],
  ]);
  return count === 0;
}

/** What is checked besides rows. */
export interface Disk {
  readonly dataSource: DataSource;
  readonly local: LocalStore;
  readonly orphans: Orphans;
  /** Whether every media folder was looked through for files of crashes since the start. */
  readonly sweptAll: () => boolean;
  readonly now: () => Date;
}

/**
 * Searches the disk after the rows are clean: for files of removed photos, which are removed again, and for files
 * without a row that are older than the erasure, because they may show the person.
 * @returns why the disk is not clean yet; null if it is
 */
export async function leftOnDisk(disk: Disk, erasure: Erasure, signal: AbortSignal): Promise<string | null> {
  const { dataSource, local, orphans, sweptAll, now } = disk;
  for (let after: string | null = null; !signal.aborted;) {
    const page: { id: string; path: string | null }[] = await dataSource.query(
      `SELECT id, path FROM discarded_images WHERE erasure_id = $1 AND ($2::uuid IS NULL OR id > $2)
       ORDER BY id LIMIT ${PAGE}`,
      [erasure.id, after],
    );
    for (const { path } of page) {
      // The employeeId is free: a file of this name may be of somebody who came in with it, and then has a row.
      if (path !== null && (await local.modifiedAt(path)) !== null) await orphans.remove(path);
    }
    if (page.length < PAGE) break;
    after = page.at(-1)?.id ?? null;
  }
  // What lies in other folders than the recent ones is older, and is found by the sweep of everything.
  if (!sweptAll()) return 'Looking for files that a crash may have left';
  const before = new Date(erasure.requestedAt.getTime() + UNDER_WAY_MS);
  if (await local.hasStaged(before)) return `${OF_A_CRASH} (incoming)`;
  for await (const found of orphans.find(recentFolders(now()), before, signal)) {
    const [path] = found;
    if (path !== undefined) return `${OF_A_CRASH} (media/${path})`;
  }
  return signal.aborted ? 'The service is stopping' : null;
}

const OF_A_CRASH =
  'A file without a row, left by a crash, is older than the erasure; housekeeping removes it within two hours';
