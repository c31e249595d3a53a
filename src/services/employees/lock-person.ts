import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Employee, EMPLOYEE_ID_PATTERN } from '../../entities/employee.entity';
import { notFound, type RollcallError } from '../../errors';
import { folded } from '../text/folded';

/** The employee with the company's id, upper and lower case being the same; active or not, also one who is being erased. */
export const byEmployeeId = (manager: EntityManager, employeeId: string): SelectQueryBuilder<Employee> =>
  manager
    .createQueryBuilder(Employee, 'e')
    // A text that cannot be an employeeId belongs to nobody, and the database need not read it.
    .where(EMPLOYEE_ID_PATTERN.test(employeeId) ? 'e.employee_id_key = :key' : 'false', {
      key: folded(employeeId),
    });

export const noSuchEmployee = (): RollcallError =>
  notFound('employeeId', 'there is no employee with this employeeId');

/**
 * The employee with the company's id, active or not, locked against being changed until the transaction ends.
 * @throws RollcallError NOT_FOUND, also if they are being erased
 */
export async function lockPerson(manager: EntityManager, employeeId: string): Promise<Employee> {
  const query = byEmployeeId(manager, employeeId).andWhere('e.erased_at IS NULL');
  const employee = await query.setLock('for_no_key_update').getOne();
  if (employee === null) throw noSuchEmployee();
  return employee;
}
