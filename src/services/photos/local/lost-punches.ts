import { basename } from 'node:path';
import type { DataSource } from 'typeorm';
import { SYSTEM } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { withoutRow } from './image-rows';
import type { LocalStore } from './local-store';

/** Whether a media path is that of the photo of a punch or of a review item. */
export const isPunchPhoto = (path: string): boolean => path.startsWith('attendance_images/');

const INSERT = `
  INSERT INTO review_items (id, reason, caller, request_id, received_at, note, image_path)
  SELECT $1::uuid, 'PUNCH_LOST', '${SYSTEM.caller}', $1::text, $2, $3, $4
  WHERE NOT EXISTS (SELECT FROM attendances WHERE id = $1::uuid)
  ON CONFLICT DO NOTHING RETURNING id`;

const NOTE = 'The database was restored to a time before this check. Its photo was kept.';

/**
 * Makes a review item of a photo that a committed row has named, and none does now. A photo that is just being removed, for
 * an erasure for example, is left to that.
 * @returns whether it has one now
 */
export function keepAsReviewItem(dataSource: DataSource, local: LocalStore, path: string): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    if ((await withoutRow(manager, [path])).length === 0) return false;
    // In this order: deleting a row discards its photo in the same transaction, and the file goes before the discard.
    const discarded = await manager.query<unknown[]>('SELECT FROM discarded_images WHERE path = $1 LIMIT 1', [
      path,
    ]);
    if (discarded.length > 0) return false;
    const modifiedAt = await local.modifiedAt(path);
    if (modifiedAt === null) return false;
    const id = basename(path, '.jpg');
    const added = await manager.query<unknown[]>(INSERT, [id, earlier(timeOf(id), modifiedAt), NOTE, path]);
    if (added.length === 0) return false;
    await recordAudit(manager, {
      ...{ ...SYSTEM, action: 'review.queue', at: new Date() },
      details: { reviewItemId: id, reason: 'PUNCH_LOST' },
    });
    return true;
  });
}

/**
 * The time in an id never goes back, so after a clock that was wrong it is ahead of the check. The time of a file is, once the
 * file was copied from a backup, that of the copy.
 */
const earlier = (made: Date | null, modifiedAt: Date): Date =>
  made !== null && made < modifiedAt ? made : modifiedAt;

/** When a UUID of version 7 was made; null for other versions. */
function timeOf(id: string): Date | null {
  return id[14] === '7' ? new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)) : null;
}
