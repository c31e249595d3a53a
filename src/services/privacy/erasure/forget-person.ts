import type { DataSource } from 'typeorm';
import type { Erasure } from '../../../entities/erasure.entity';
import { Employee } from '../../../entities/employee.entity';
import { faceImagePath } from '../../photos/local/media-paths';
import { erasing, PERSONAL_DATA } from '../personal-data';

/**
 * Takes the employee's row away, or everything that names them out of it if punches point at it. From then on the
 * employeeId is free, and with it the file name of the photo: so it waits until the local photos are gone.
 * @returns whether it is done
 */
export function forgetPerson(
  dataSource: DataSource,
  { id: erasureId, subjectId, keepAttendance }: Erasure,
): Promise<boolean> {
  return dataSource.transaction(async (manager) => {
    const employee = await manager.findOne(Employee, {
      where: { id: subjectId },
      lock: { mode: 'pessimistic_write' },
    });
    if (employee === null) return true;
    const [{ waits } = { waits: true }] = await manager.query<{ waits: boolean }[]>(
      `SELECT EXISTS (SELECT 1 FROM discarded_images
         WHERE NOT local_removed AND (erasure_id = $1 OR path = $2)) AS waits`,
      [erasureId, faceImagePath(employee.employeeId)],
    );
    if (waits) return false;
    if (!keepAttendance) {
      await manager.delete(Employee, { id: subjectId });
      return true;
    }
    await manager.query(`UPDATE employees SET ${erasing(PERSONAL_DATA.employees)} WHERE id = $1`, [
      subjectId,
    ]);
    return true;
  });
}
