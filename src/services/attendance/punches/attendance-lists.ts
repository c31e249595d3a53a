import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { folded } from '../../text/folded';
import type { LocalDate } from '../../../entities/local-scalars';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import type { EmployeeService } from '../../employees/employee-service';
import type { PunchDays } from '../../working-days/punches/punch-days';
import { notVoidedSql } from '../../voids/not-voided';
import { truncatedAddress } from './punch-origin';
import { between, isMoment, pageOf, type Page, type PageRequest, type Range } from '../../../database/paging';

export interface AttendanceFilter extends Range {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly type?: AttendanceType | null | undefined;
  /** Only punches that count to the working day of this date. */
  readonly workDate?: LocalDate | null | undefined;
  /** true: only voided ones; otherwise only those that count. */
  readonly voided?: boolean | null | undefined;
  /** The requester's name in the audit trail. */
  readonly sentBy?: string | null | undefined;
  /** A network, or an address in it. */
  readonly network?: string | null | undefined;
  /** What name and version of the program begin with. */
  readonly client?: string | null | undefined;
}

const NEWEST_FIRST = {
  list: 'attendances',
  direction: 'DESC',
  columns: ['a.recorded_at', 'a.id'],
  key: ':key::timestamptz',
  keyOf: ({ recordedAt }: Attendance) => recordedAt.toISOString(),
  isKey: isMoment,
} as const;

/** Lists of punches. */
export class AttendanceLists {
  private readonly attendances: Repository<Attendance>;

  constructor(
    dataSource: DataSource,
    private readonly employees: Pick<EmployeeService, 'find'>,
    private readonly punchDays: Pick<PunchDays, 'on'>,
  ) {
    this.attendances = dataSource.getRepository(Attendance);
  }

  /**
   * Punches, newest first.
   * @throws RollcallError BAD_USER_INPUT for `first`, `after` and a range that ends before it begins
   */
  async list(filter: AttendanceFilter, request: PageRequest): Promise<Page<Attendance>> {
    const ofDay = await this.ofDay(filter);
    return pageOf(NEWEST_FIRST, () => this.filtered(filter, ofDay), request);
  }

  /** Ids of the punches of the working day; null: of any day. */
  private async ofDay({ workDate, employeeId }: AttendanceFilter): Promise<readonly string[] | null> {
    if (workDate == null) return null;
    if (employeeId == null) return this.punchDays.on(workDate, null);
    const employee = await this.employees.find(employeeId);
    return employee === null ? [] : this.punchDays.on(workDate, employee.id);
  }

  private filtered(
    { employeeId, officeId, type, voided, sentBy, network, client, ...range }: AttendanceFilter,
    ofDay: readonly string[] | null,
  ): SelectQueryBuilder<Attendance> {
    const query = this.attendances
      .createQueryBuilder('a')
      .where(voided === true ? `NOT (${notVoidedSql('a')})` : notVoidedSql('a'));
    if (employeeId != null) {
      query.andWhere('a.employee_id = (SELECT e.id FROM employees e WHERE e.employee_id_key = :key)', {
        key: folded(employeeId),
      });
    }
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('a.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    if (type != null) query.andWhere('a.type = :type', { type });
    if (ofDay !== null) query.andWhere('a.id = ANY(:ofDay::uuid[])', { ofDay });
    if (sentBy != null) query.andWhere('a.sent_by = :sentBy', { sentBy });
    if (network != null) {
      query.andWhere('a.sent_from = :network', { network: truncatedAddress(network.split('/')[0] ?? '') });
    }
    if (client != null) query.andWhere('starts_with(a.client_version, :client)', { client });
    between(query, 'a.recorded_at', range);
    return query;
  }
}
