import type { EntityManager } from 'typeorm';
import { EMPLOYEE_ID_PATTERN } from '../../entities/employee.entity';
import { noSuchEmployee } from '../employees/lock-person';
import { folded } from '../text/folded';

/**
 * Several employees, locked in the order of their rows against being changed until the transaction ends.
 * @param employeeIds the company's own ids
 * @returns their row ids by the company's own id as it is compared
 * @throws RollcallError NOT_FOUND if there is no such employee, or one is being erased
 */
export async function lockPersons(
  manager: EntityManager,
  employeeIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await findPersons(manager, employeeIds);
  if (employeeIds.some((id) => !found.has(folded(id)))) throw noSuchEmployee();
  return found;
}

/** Those of `lockPersons` that there are. */
export async function findPersons(
  manager: EntityManager,
  employeeIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(employeeIds.map(folded))].filter((id) => EMPLOYEE_ID_PATTERN.test(id));
  const rows = await manager.query<{ id: string; employee_id: string }[]>(
    `SELECT id, employee_id_key AS employee_id FROM employees
     WHERE employee_id_key = ANY($1::text[]) AND erased_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  );
  return new Map(rows.map(({ id, employee_id: employeeId }) => [employeeId, id]));
}
