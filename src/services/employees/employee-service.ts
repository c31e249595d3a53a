import { IsNull, type DataSource, type Repository, type SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { foreignKeyViolation } from '../../database/errors';
import { Employee } from '../../entities/employee.entity';
import type { LocalDate } from '../../entities/local-scalars';
import { badInput } from '../../errors';
import type { Actor } from '../audit/actor';
import { auditChange } from '../audit/audit-change';
import { recordGalleryChange } from '../faces/matching/gallery-sync';
import { byEmployeeId, noSuchEmployee } from './lock-person';
import { changeOffice } from './office-history';
import { noSuchOffice, type OfficeService } from '../offices/office-service';
import { NAME_ORDER } from '../../database/name-order';
import { pageOf, type Page, type PageRequest } from '../../database/paging';
import { folded } from '../text/folded';
import { requirePlainName } from '../text/plain-name';

export interface EmployeeFilter {
  readonly officeId?: string | null | undefined;
  /** Part of the name or the employeeId. No character is special. */
  readonly search?: string | null | undefined;
  readonly active?: boolean | null | undefined;
}

/** Changes to an employee. Undefined leaves a value unchanged; a null office removes the office. */
interface EmployeeChanges {
  readonly name?: string | undefined;
  readonly officeId?: string | null | undefined;
  /** The first day in the office; left out: today. */
  readonly officeFrom?: LocalDate | null | undefined;
  readonly employedFrom?: LocalDate | undefined;
  /** The last day; null: open. */
  readonly employedUntil?: LocalDate | null | undefined;
}

const BY_NAME = {
  /** Not `employees`, whose cursors of earlier versions are of another order. */
  list: 'employees by name',
  direction: 'ASC',
  /** As the index employees_name_order has them. */
  columns: [`e.name ${NAME_ORDER}`, 'e.id'],
  key: `:key::text ${NAME_ORDER}`,
  keyOf: ({ name }: Employee) => name,
  isKey: (name: string) => name.length <= 400,
} as const;

/** Employees: changes and lists; how they are enrolled is the registration's business. */
export class EmployeeService {
  private readonly employees: Repository<Employee>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly offices: OfficeService,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.employees = dataSource.getRepository(Employee);
  }

  /** The employee with the company's id, upper and lower case being the same; not one who is being erased. */
  find(employeeId: string, manager = this.dataSource.manager): Promise<Employee | null> {
    return byEmployeeId(manager, employeeId).andWhere('e.erased_at IS NULL').getOne();
  }

  /**
   * @throws RollcallError NOT_FOUND (employee or office); BAD_USER_INPUT (officeFrom, employedUntil, or a new name with
   *   invisible characters)
   */
  async update(employeeId: string, changes: EmployeeChanges, by: Actor): Promise<Employee> {
    const office = changes.officeId == null ? null : await this.offices.get(changes.officeId, 'officeId');
    const employee = await this.find(employeeId);
    if (employee === null) throw noSuchEmployee();
    requirePlainName(changes.name, employee.name);
    const values = {
      ...(changes.name === undefined ? {} : { name: changes.name, nameKey: folded(changes.name) }),
      ...(changes.officeId === undefined ? {} : { officeId: office?.id ?? null }),
      ...(changes.employedFrom === undefined ? {} : { employedFrom: changes.employedFrom }),
      ...(changes.employedUntil === undefined ? {} : { employedUntil: changes.employedUntil }),
    };
    if (Object.keys(values).length === 0) return employee;
    try {
      await this.dataSource.transaction(async (manager) => {
        // The gallery knows everybody's office, to look for a face among its people only.
        if (values.officeId !== undefined) await recordGalleryChange(manager, employee.id);
        const where = { id: employee.id, erasedAt: IsNull() };
        const before = await manager.findOne(Employee, { where, lock: { mode: 'for_no_key_update' } });
        // Who is erased meanwhile keeps the pseudonym.
        if (before === null) return;
        const { employedFrom, employedUntil } = { ...before, ...values };
        if (employedUntil !== null && employedUntil < employedFrom) {
          throw badInput('employedUntil', 'must not be before employedFrom');
        }
        await manager.update(Employee, where, values);
        if (movesOf(before, values, changes)) {
          const { officeFrom: from = null } = changes;
          const timeZone = office?.timeZone ?? 'UTC';
          await changeOffice(manager, before, {
            ...{ officeId: values.officeId ?? null, timeZone, from, by, at: this.now() },
          });
        }
        await auditChange(manager, {
          ...{ action: 'employee.update', by, at: this.now(), employeeId: employee.id },
          before: pick(before),
          after: pick(values),
        });
      });
    } catch (error) {
      if (foreignKeyViolation(error) === 'employees_office_id_fkey') throw noSuchOffice('officeId');
      throw error;
    }
    return Object.assign(employee, values);
  }

  /**
   * Employees by name, then id.
   * @throws RollcallError BAD_USER_INPUT for `first` and `after`
   */
  list(filter: EmployeeFilter, request: PageRequest): Promise<Page<Employee>> {
    return pageOf(BY_NAME, () => this.filtered(filter), request);
  }

  private filtered({ officeId, search, active }: EmployeeFilter): SelectQueryBuilder<Employee> {
    // An erased employee is only a pseudonym for punches, and appears in no list.
    const query = this.employees.createQueryBuilder('e').where('e.erased_at IS NULL');
    if (active != null) query.andWhere('e.active = :active', { active });
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('e.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    if (search != null && search !== '') {
      const pattern = `%${folded(search).replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere('(e.name_key LIKE :pattern OR e.employee_id_key LIKE :pattern)', { pattern });
    }
    return query;
  }
}

const pick = ({ name, officeId, employedFrom, employedUntil }: Partial<Employee>) => ({
  ...{ name, officeId, employedFrom, employedUntil },
});

/** Whether the office changes, or since when. */
const movesOf = (
  before: Employee,
  { officeId }: { officeId?: string | null },
  { officeFrom }: EmployeeChanges,
): boolean => officeId !== undefined && (officeId !== before.officeId || officeFrom != null);
