import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { AuditEvent } from '../../entities/audit-event.entity';
import { folded } from '../text/folded';
import { between, pageOf, type Page, type PageRequest, type Range } from '../../database/paging';

export interface AuditFilter extends Range {
  /** The company's own id, or the internal id, which also finds events about erased employees. */
  readonly employeeId?: string | null | undefined;
  readonly action?: string | null | undefined;
}

const NEWEST_FIRST = {
  list: 'audit',
  direction: 'DESC',
  columns: ['v.sequence', 'v.id'],
  key: ':key::bigint',
  keyOf: ({ sequence }: AuditEvent) => String(sequence),
  isKey: (sequence: string) => /^[1-9]\d{0,14}$/.test(sequence),
} as const;

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
  list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEvent>> {
    return pageOf(NEWEST_FIRST, () => this.filtered(filter), request);
  }

  private filtered({ employeeId, action, ...range }: AuditFilter): SelectQueryBuilder<AuditEvent> {
    const query = this.events.createQueryBuilder('v');
    if (employeeId != null) {
      query.andWhere(
        `v.employee_id IN (SELECT e.id FROM employees e WHERE e.employee_id_key = :key
           UNION ALL SELECT :rowId::uuid)`,
        { key: folded(employeeId), rowId: isUuid(employeeId) ? employeeId : null },
      );
    }
    if (action != null) query.andWhere('v.action = :action', { action });
    between(query, 'v.at', range);
    return query;
  }
}
