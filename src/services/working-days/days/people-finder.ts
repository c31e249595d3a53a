import { EMPLOYEE_ID_PATTERN } from '../../../entities/employee.entity';
import { badInput } from '../../../errors';
import type { EmployeeService } from '../../employees/employee-service';
import { noSuchEmployee } from '../../employees/lock-person';
import type { OfficeService } from '../../offices/office-service';
import type { PeopleFilter } from './person-rows';

/** Employees that a filter can name. */
const MAX_EMPLOYEES = 200;

interface NamedPeople {
  readonly officeId?: string | null | undefined;
  /** The company's own ids. */
  readonly employeeIds?: readonly string[] | null | undefined;
}

/** Finds the people that a question names. */
export class PeopleFinder {
  constructor(
    private readonly employees: EmployeeService,
    private readonly offices: OfficeService,
  ) {}

  /**
   * @param employeeId the company's own id
   * @returns the row id
   * @throws RollcallError NOT_FOUND
   */
  async find(employeeId: string): Promise<string> {
    const known = EMPLOYEE_ID_PATTERN.test(employeeId) ? await this.employees.find(employeeId) : null;
    if (known === null) throw noSuchEmployee();
    return known.id;
  }

  /** @throws RollcallError NOT_FOUND (employee or office), BAD_USER_INPUT (employeeIds) */
  async filter({ officeId, employeeIds }: NamedPeople): Promise<PeopleFilter> {
    if (employeeIds != null && (employeeIds.length < 1 || employeeIds.length > MAX_EMPLOYEES)) {
      throw badInput('employeeIds', `must have 1 to ${MAX_EMPLOYEES} entries`);
    }
    const office = officeId == null ? null : await this.offices.get(officeId, 'officeId');
    const ids: string[] = [];
    for (const employeeId of employeeIds ?? []) ids.push(await this.find(employeeId));
    return { officeId: office?.id ?? null, ids: employeeIds == null ? null : [...new Set(ids)] };
  }
}
