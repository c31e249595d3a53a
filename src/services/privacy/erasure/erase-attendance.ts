import type { DataSource, EntityManager } from 'typeorm';
import type { Erasure } from '../../../entities/erasure.entity';
import { discardImages, type CdnPlace } from '../../photos/cdn/discard';
import { discardsOf, PUNCH_PHOTO_COLUMNS, type PunchPhotoRow } from '../../photos/punch-photo';
import { erasing, notErased, PERSONAL_DATA } from '../personal-data';

const BATCH = 500;

interface Pace {
  /** Keeps other nodes away meanwhile. */
  readonly renew: () => Promise<void>;
  /** Stops it after the current transaction; the next attempt continues there. */
  readonly signal: AbortSignal;
}

const { attendances, corrections, attendance_voids, day_plans, overtime_decisions } = PERSONAL_DATA;
/** What people wrote about the person's days. */
const WRITTEN = { corrections, attendance_voids, day_plans, overtime_decisions };
const FORGET = `UPDATE attendances SET ${erasing(attendances)} WHERE id = ANY($1::uuid[])`;

/**
 * Takes the person out of their punches, or the punches away, with every photo: some hundreds a transaction, so that
 * what a crash undoes is little and no statement meets its deadline.
 */
export async function eraseAttendance(
  dataSource: DataSource,
  { id: erasureId, subjectId, keepAttendance }: Erasure,
  cdn: CdnPlace | null,
  { renew, signal }: Pace,
): Promise<void> {
  for (let taken = BATCH; taken === BATCH && !signal.aborted;) {
    taken = await dataSource.transaction(async (manager) => {
      // Locked: an upload that is just noted is either seen here or finds the photo gone, and removes its copy.
      const punches = await manager.query<PunchPhotoRow[]>(
        `SELECT ${PUNCH_PHOTO_COLUMNS} FROM attendances
         WHERE employee_id = $1 AND ${keepAttendance ? notErased(attendances) : 'true'}
         ORDER BY id LIMIT ${BATCH} FOR UPDATE`,
        [subjectId],
      );
      if (punches.length === 0) return 0;
      await discardImages(manager, discardsOf(punches, cdn), { subjectId, erasureId });
      const ids = punches.map(({ id }) => id);
      // The requestId would tell whose photo a hash is of.
      await manager.query(
        `DELETE FROM seen_samples WHERE request_id IN (SELECT request_id FROM attendances WHERE id = ANY($1::uuid[]))`,
        [ids],
      );
      await manager.query(keepAttendance ? FORGET : 'DELETE FROM attendances WHERE id = ANY($1::uuid[])', [
        ids,
      ]);
      return punches.length;
    });
    await renew();
  }
  if (signal.aborted) return;
  await dataSource.transaction(async (manager) => {
    const items = await manager.query<PunchPhotoRow[]>(
      `SELECT ${PUNCH_PHOTO_COLUMNS} FROM review_items WHERE employee_id = $1 FOR UPDATE`,
      [subjectId],
    );
    await discardImages(manager, discardsOf(items, cdn, 'review_items'), { subjectId, erasureId });
    await manager.query('DELETE FROM review_items WHERE employee_id = $1', [subjectId]);
  });
  await dataSource.transaction((manager) => eraseCorrections(manager, subjectId, keepAttendance));
}

/** Their reasons are a person's words as well. */
async function eraseCorrections(
  manager: EntityManager,
  subjectId: string,
  keepAttendance: boolean,
): Promise<void> {
  if (!keepAttendance) {
    await manager.query('DELETE FROM corrections WHERE employee_id = $1', [subjectId]);
    return;
  }
  for (const [name, table] of Object.entries(WRITTEN)) {
    await manager.query(`UPDATE ${name} SET ${erasing(table)} WHERE ${table.of}`, [subjectId]);
  }
}
