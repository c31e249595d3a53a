import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import { badInput } from '../../../errors';
import { notVoidedSql } from '../../voids/not-voided';
import { checkFirst, Cursors, type Page, type PageRequest } from '../../../database/paging';

export interface AttendanceFilter {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly type?: AttendanceType | null | undefined;
  /** true: only voided ones; otherwise only those that count. */
  readonly voided?: boolean | null | undefined;
  /** Inclusive. */
  readonly from?: Date | null | undefined;
  /** Exclusive. */
  readonly to?: Date | null | undefined;
}

const PUNCH_TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A moment as toISOString writes it. JavaScript reads 30 February as 1 March and knows a year 0; PostgreSQL does not. */
export const isPunchTime = (key: string): boolean =>
  PUNCH_TIME.test(key) && !Number.isNaN(Date.parse(key)) && new Date(key).toISOString() === key;

const cursors = new Cursors('attendances', isPunchTime);

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
  async list(filter: AttendanceFilter, { first, after }: PageRequest): Promise<Page<Attendance>> {
    checkFirst(first);
    if (filter.from != null && filter.to != null && filter.from > filter.to) {
      throw badInput('to', 'must not be before from');
    }
    const page = this.filtered(filter).orderBy('a.recorded_at', 'DESC').addOrderBy('a.id', 'DESC');
    if (after != null) {
      const [recordedAt, id] = cursors.decode(after);
      page.andWhere('(a.recorded_at, a.id) < (:recordedAt::timestamptz, :id::uuid)', { recordedAt, id });
    }
    const rows = await page.limit(first + 1).getMany();
    return {
      rows: rows.slice(0, first),
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      cursorOf: (attendance) => cursors.encode([attendance.recordedAt.toISOString(), attendance.id]),
      totalCount: () => this.filtered(filter).getCount(),
    };
  }

  private filtered({
    employeeId,
    officeId,
    type,
    voided,
    from,
    to,
  }: AttendanceFilter): SelectQueryBuilder<Attendance> {
    const query = this.attendances
      .createQueryBuilder('a')
      .where(voided === true ? `NOT (${notVoidedSql('a')})` : notVoidedSql('a'));
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
