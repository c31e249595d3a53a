import type { DataSource } from 'typeorm';
import { Employee } from '../../../entities/employee.entity';
import { SYSTEM } from '../../audit/actor';
import type { DiscardOf } from '../../employees/enrolment/drop-faces';
import { lockGallery } from '../../faces/matching/gallery-sync';
import { beginErasure } from './begin-erasure';
import type { ErasedRow, ErasureLog } from './erasure-log';

const PAGE = 5000;

/**
 * Erases employees whom the log lists and who are in the database all the same, as after the restore of a backup. Once it
 * resolves none of them can be matched, listed or exported; the rest is the worker's, as with every erasure.
 * @returns how many
 */
export async function eraseAgain({
  dataSource,
  log,
  discardOf,
  now,
}: {
  readonly dataSource: DataSource;
  readonly log: ErasureLog;
  readonly discardOf: DiscardOf;
  readonly now: () => Date;
}): Promise<number> {
  const lines = await log.read();
  if (lines.size === 0) return 0;
  let erased = 0;
  for (let after: string | null = null; ;) {
    const page: { id: string }[] = await dataSource.query(
      `SELECT id FROM employees WHERE erased_at IS NULL AND ($1::uuid IS NULL OR id > $1)
       ORDER BY id LIMIT ${PAGE}`,
      [after],
    );
    for (const { id } of page) {
      const found = log.find(lines, id);
      if (found !== null && (await eraseOne(dataSource, found, discardOf, now()))) erased += 1;
    }
    if (page.length < PAGE) return erased;
    after = page.at(-1)?.id ?? null;
  }
}

/** @returns false if another node was faster */
function eraseOne(
  dataSource: DataSource,
  { subjectId: id, keepAttendance }: ErasedRow,
  discardOf: DiscardOf,
  at: Date,
): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    // The gallery's lock comes before that of the employee, as everywhere.
    await lockGallery(manager);
    const employee = await manager.findOne(Employee, { where: { id }, lock: { mode: 'for_no_key_update' } });
    if (employee === null || employee.erasedAt !== null) return false;
    await beginErasure(manager, employee, { keepAttendance, by: SYSTEM, at }, discardOf);
    return true;
  });
}
