import type { EntityManager } from 'typeorm';
import { Employee, EMPLOYEE_ID_PATTERN } from '../../entities/employee.entity';
import { notFound } from '../../errors';

/**
 * The employee with the company's id, active or not, locked against being changed until the transaction ends.
 * @throws RollcallError NOT_FOUND, also where they are being erased
 */
export async function lockPerson(manager: EntityManager, employeeId: string): Promise<Employee> {
  const missing = notFound('employeeId', 'employee not found');
  // A text that is not a valid employeeId belongs to no employee.
  if (!EMPLOYEE_ID_PATTERN.test(employeeId)) throw missing;
  const employee = await manager
    .createQueryBuilder(Employee, 'e')
    .where('lower(e.employee_id) = lower(:employeeId) AND e.erased_at IS NULL', { employeeId })
    .setLock('for_no_key_update')
    .getOne();
  if (employee === null) throw missing;
  return employee;
}
