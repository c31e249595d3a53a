import { startOfDay } from '@rollcall/time-zones';
import type { DataSource } from 'typeorm';
import { CorrectionChange } from '../../../entities/correction-change.entity';
import { Correction } from '../../../entities/correction.entity';
import { EMPLOYEE_ID_PATTERN } from '../../../entities/employee.entity';
import { badInput } from '../../../errors';
import type { EmployeeService } from '../../employees/employee-service';
import { noSuchEmployee } from '../../employees/lock-person';
import type { OfficeService } from '../../offices/office-service';
import type { EmployeeDay } from './employee-day';
import type { PeopleFilter } from './person-rows';

const DAY_MS = 86_400_000;
/** Employees that a filter can name. */
const MAX_EMPLOYEES = 200;

interface NamedPeople {
  readonly officeId?: string | null | undefined;
  /** The company's own ids. */
  readonly employeeIds?: readonly string[] | null | undefined;
}

/** Finds the people that a question names, and what was decided about their days. */
export class PeopleFinder {
  constructor(
    private readonly dataSource: DataSource,
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

  /** Corrections that concern a day, oldest first. */
  corrections({ id, day }: EmployeeDay): Promise<Correction[]> {
    const local = Date.parse(`${day.date}T00:00:00Z`);
    const from = startOfDay(day.timeZone, local);
    const ends = day.spans.map(({ end, start }) => (end ?? start ?? 0) + 60_000);
    const until = Math.max(startOfDay(day.timeZone, local + DAY_MS), ...ends);
    return this.dataSource
      .createQueryBuilder(Correction, 'k')
      .where('k.employee_id = :id', { id })
      .andWhere((query) => {
        const changes = query
          .subQuery()
          .select('c.correction_id')
          .from(CorrectionChange, 'c')
          .leftJoin('c.attendance', 'a')
          .where('c.correction_id = k.id')
          .andWhere(
            '(c.waive_date = :date OR (coalesce(c.recorded_at, a.recorded_at) >= :from AND coalesce(c.recorded_at, a.recorded_at) < :until))',
          );
        return `EXISTS (${changes.getQuery()})`;
      })
      .setParameters({ date: day.date, from: new Date(from), until: new Date(until) })
      .orderBy('k.requested_at')
      .addOrderBy('k.id')
      .getMany();
  }
}
