import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import { checkRange, isMoment, pageOf, type Page, type PageRequest } from '../../../database/paging';

export interface AttendanceFilter {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly type?: AttendanceType | null | undefined;
  /** Inclusive. */
  readonly from?: Date | null | undefined;
  /** Exclusive. */
  readonly to?: Date | null | undefined;
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

  constructor(dataSource: DataSource) {
    this.attendances = dataSource.getRepository(Attendance);
  }

  /**
   * Punches, newest first.
   * @throws RollcallError BAD_USER_INPUT for `first`, `after` and a range that ends before it begins
   */
  async list(filter: AttendanceFilter, request: PageRequest): Promise<Page<Attendance>> {
    checkRange(filter);
    return pageOf(NEWEST_FIRST, () => this.filtered(filter), request);
  }

  private filtered({
    employeeId,
    officeId,
    type,
    from,
    to,
  }: AttendanceFilter): SelectQueryBuilder<Attendance> {
    const query = this.attendances.createQueryBuilder('a');
    if (employeeId != null) {
      query.andWhere(
        'a.employee_id = (SELECT e.id FROM employees e WHERE lower(e.employee_id) = lower(:employeeId))',
        { employeeId },
      );
    }
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('a.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    if (type != null) query.andWhere('a.type = :type', { type });
    if (from != null) query.andWhere('a.recorded_at >= :from', { from });
    if (to != null) query.andWhere('a.recorded_at < :to', { to });
    return query;
  }
}
