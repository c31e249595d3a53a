import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { AuditEvent } from '../../entities/audit-event.entity';
import { badInput } from '../../errors';
import { checkFirst, Cursors, type Page, type PageRequest } from '../../database/paging';

export interface AuditFilter {
  /** The company's own id, or the internal id, which also finds events about erased employees. */
  readonly employeeId?: string | null | undefined;
  readonly action?: string | null | undefined;
  /** Inclusive. */
  readonly from?: Date | null | undefined;
  /** Exclusive. */
  readonly to?: Date | null | undefined;
}

const cursors = new Cursors('audit', (sequence) => /^[1-9]\d{0,14}$/.test(sequence));

/** The audit trail, read. */
export class AuditList {
  private readonly events: Repository<AuditEvent>;

  constructor(dataSource: DataSource) {
    this.events = dataSource.getRepository(AuditEvent);
  }

  /**
   * Events, newest first.
   * @throws RollcallError BAD_USER_INPUT for `first`, `after` and a range that ends before it begins
   */
  async list(filter: AuditFilter, { first, after }: PageRequest): Promise<Page<AuditEvent>> {
    checkFirst(first);
    if (filter.from != null && filter.to != null && filter.from > filter.to) {
      throw badInput('to', 'must not be before from');
    }
    const page = this.filtered(filter).orderBy('v.sequence', 'DESC');
    if (after != null) page.andWhere('v.sequence < :sequence', { sequence: cursors.decode(after)[0] });
    const rows = await page.limit(first + 1).getMany();
    return {
      rows: rows.slice(0, first),
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      cursorOf: ({ sequence, id }) => cursors.encode([String(sequence), id]),
      totalCount: () => this.filtered(filter).getCount(),
    };
  }

  private filtered({ employeeId, action, from, to }: AuditFilter): SelectQueryBuilder<AuditEvent> {
    const query = this.events.createQueryBuilder('v');
    if (employeeId != null) {
      query.andWhere(
        `v.employee_id IN (SELECT e.id FROM employees e WHERE lower(e.employee_id) = lower(:employeeId)
           UNION ALL SELECT :rowId::uuid)`,
        { employeeId, rowId: isUuid(employeeId) ? employeeId : null },
      );
    }
    if (action != null) query.andWhere('v.action = :action', { action });
    if (from != null) query.andWhere('v.at >= :from', { from });
    if (to != null) query.andWhere('v.at < :to', { to });
    return query;
  }
}
