import { IsNull, type DataSource, type EntityManager, type Repository } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Erasure } from '../../../entities/erasure.entity';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import type { DiscardOf } from '../../employees/enrolment/drop-faces';
import { byEmployeeId, noSuchEmployee } from '../../employees/lock-person';
import type { TemplateChanges } from '../../employees/enrolment/template-changes';
import { isMoment, pageOf, type Page, type PageRequest } from '../../../database/paging';
import { beginErasure } from './begin-erasure';

interface ErasureRequest {
  /** The company's own id. */
  readonly employeeId: string;
  readonly keepAttendance: boolean;
}

const NEWEST_FIRST = {
  list: 'erasures',
  direction: 'DESC',
  columns: ['r.requested_at', 'r.id'],
  key: ':key::timestamptz',
  keyOf: ({ requestedAt }: Erasure) => requestedAt.toISOString(),
  isKey: isMoment,
} as const;

/** Asks for erasures, and watches them. */
export class ErasureService {
  private readonly erasures: Repository<Erasure>;

  constructor(
    dataSource: DataSource,
    private readonly changes: TemplateChanges,
    private readonly discardOf: DiscardOf,
    private readonly now: () => Date,
  ) {
    this.erasures = dataSource.getRepository(Erasure);
  }

  /**
   * Begins to erase an employee, active or not. Asked again while it is under way it answers the same erasure; of two
   * wishes about the punches the one that removes more holds.
   * @throws RollcallError NOT_FOUND, UNAVAILABLE
   */
  request({ employeeId, keepAttendance }: ErasureRequest, by: Actor): Promise<Erasure> {
    return this.changes.run(async ({ manager }) => {
      const employee = await byEmployeeId(manager, employeeId).setLock('for_no_key_update').getOne();
      if (employee === null) throw noSuchEmployee();
      const open = await openErasure(manager, employee.id);
      if (open === null) {
        return beginErasure(manager, employee, { keepAttendance, by, at: this.now() }, this.discardOf);
      }
      if (open.keepAttendance && !keepAttendance) {
        open.keepAttendance = false;
        // The logs need another line, which says so.
        await manager.update(Erasure, { id: open.id }, { keepAttendance: false, loggedIn: [] });
        await recordAudit(manager, {
          ...by,
          action: 'employee.erase',
          employeeId: employee.id,
          details: { erasureId: open.id, keepAttendance: false, changed: 'keepAttendance' },
          at: this.now(),
        });
      }
      return open;
    });
  }

  /** @returns null if there is none with this id */
  async find(id: string): Promise<Erasure | null> {
    return isUuid(id) ? this.erasures.findOneBy({ id }) : null;
  }

  /**
   * Erasures, newest first.
   * @throws RollcallError BAD_USER_INPUT for `first` and `after`
   */
  list(request: PageRequest): Promise<Page<Erasure>> {
    return pageOf(NEWEST_FIRST, () => this.erasures.createQueryBuilder('r'), request);
  }
}

/** With its row locked: a worker that is just completing it is waited for. */
const openErasure = (manager: EntityManager, subjectId: string): Promise<Erasure | null> =>
  manager.findOne(Erasure, {
    where: { subjectId, completedAt: IsNull() },
    lock: { mode: 'pessimistic_write' },
  });
