import type { DataSource, EntityManager } from 'typeorm';
import type { Erasure } from '../../../entities/erasure.entity';
import type { LocalStore } from '../../photos/local/local-store';
import { recentFolders, type Orphans } from '../../photos/local/orphans';
import { notErased, PERSONAL_TABLES } from '../personal-data';

/** SQL: how many rows of a table still mention the person. $2: whether punches are kept. */
const leftIn = ([name, table]: (typeof PERSONAL_TABLES)[number]): string[] => {
  const { of, erasure, unfinished = 'true' } = table;
  if (of === null || typeof erasure === 'object') return [];
  const left = erasure === 'pseudonymise' ? `(NOT $2::boolean OR ${notErased(table)})` : unfinished;
  return [`(SELECT count(*) FROM ${name} WHERE (${of}) AND ${left})`];
};

/** The CDN's word is in the rows of its photos. */
const LEFT_IN_DATABASE = `SELECT (${PERSONAL_TABLES.flatMap(leftIn).join(' + ')})::int AS count`;

const PAGE = 500;
/** How much later a check that ran at the request of the erasure may have written its photo. */
const UNDER_WAY_MS = 60_000;

/** Whether the rows, the CDN's answers among them, have nothing left of the person. */
export async function rowsAreClean(
  manager: EntityManager,
  { subjectId, keepAttendance }: Erasure,
): Promise<boolean> {
  const [{ count } = { count: 1 }] = await manager.query<{ count: number }[]>(LEFT_IN_DATABASE, [
    ...[subjectId, keepAttendance],
  ]);
  return count === 0;
}

/** What is checked in addition to rows. */
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
    const [file] = found;
    if (file !== undefined) return `${file.confirmed ? SET_BACK : OF_A_CRASH} (media/${file.path})`;
  }
  return signal.aborted ? 'The service is stopping' : null;
}

/** It may show the person, and nobody knows. */
const SET_BACK =
  'The database was restored to an earlier time, and a later photo has no row. Enrol the employee again, or remove the file';
const OF_A_CRASH =
  'A file without a row, left by a crash, is older than the erasure; housekeeping removes it within two hours';
