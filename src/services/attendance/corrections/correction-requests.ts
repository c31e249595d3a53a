import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { uniqueViolation } from '../../../database/errors';
import { isMoment, pageOf, type Page, type PageRequest } from '../../../database/paging';
import { CorrectionChange } from '../../../entities/correction-change.entity';
import type { Employee } from '../../../entities/employee.entity';
import { Correction, CorrectionStatus } from '../../../entities/correction.entity';
import { conflict, notFound, RollcallError } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { applyChanges, checkApplicable } from './apply-changes';
import { alreadyVoided, lockRow, lockSubject, planChanges, type CorrectionOrder } from './correction-order';
import { punchState, type CorrectionPreview, type CorrectionPreviews } from './correction-preview';
import { ownCorrection, rowsOf } from './correction-service';
import { folded } from '../../text/folded';

export interface CorrectionFilter {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly status?: CorrectionStatus | null | undefined;
}

const NEWEST_FIRST = {
  list: 'corrections',
  direction: 'DESC',
  columns: ['c.requested_at', 'c.id'],
  key: ':key::timestamptz',
  keyOf: ({ requestedAt }: Correction) => requestedAt.toISOString(),
  isKey: isMoment,
} as const;

/** A person cannot punch that often while days are derived. */
const ATTEMPTS = 5;

interface Decision {
  readonly id: string;
  readonly approve: boolean;
  readonly note: string | null;
}

interface Approval {
  readonly correction: Correction;
  readonly employee: Employee;
  readonly changes: readonly CorrectionChange[];
  readonly note: string | null;
}

const noSuchCorrection = (): RollcallError => notFound('id', 'correction not found');
const stale = (message: string): RollcallError => conflict('id', message, 'STALE');

/** Corrections that one asks for and another decides. */
export class CorrectionRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly previews: CorrectionPreviews,
    /** CORRECTION_FOUR_EYES. */
    private readonly fourEyes: boolean,
    private readonly now: () => Date,
  ) {}

  /**
   * Newest first.
   * @throws RollcallError BAD_USER_INPUT for `first` and `after`
   */
  list({ employeeId, officeId, status }: CorrectionFilter, request: PageRequest): Promise<Page<Correction>> {
    const filtered = () => {
      const query = this.dataSource
        .getRepository(Correction)
        .createQueryBuilder('c')
        .innerJoin('c.employee', 'e', 'e.erased_at IS NULL');
      if (employeeId != null)
        query.andWhere('e.employee_id_key = :employeeId', { employeeId: folded(employeeId) });
      if (officeId != null)
        query.andWhere(isUuid(officeId) ? 'e.office_id = :officeId' : 'false', { officeId });
      if (status != null) query.andWhere('c.status = :status', { status });
      return query;
    };
    return pageOf(NEWEST_FIRST, filtered, request);
  }

  /**
   * Asks for a correction. Nothing changes until somebody approves it.
   * @throws RollcallError BAD_USER_INPUT; NOT_FOUND; CONFLICT if it could not be made now
   */
  async request(order: CorrectionOrder, by: Actor): Promise<Correction> {
    const changes = planChanges(order, this.now());
    // Whom it is about has to be known before days are derived.
    const { id: employeeId } = await this.dataSource.transaction(async (manager) => {
      const employee = await lockSubject(manager, order, this.now());
      await checkApplicable(manager, changes, employee);
      return employee;
    });
    return this.onState({ employeeId, changes, made: null }, async (manager, preview) => {
      const employee = await lockSubject(manager, order, this.now());
      if ((await punchState(manager, employee.id)) !== preview.state) return null;
      await checkApplicable(manager, changes, employee);
      const correction = manager.create(Correction, {
        ...{ id: uuidv7(), employeeId, status: CorrectionStatus.REQUESTED, reason: order.reason, note: null },
        ...{ requestedBy: by.caller, requestedAt: this.now(), decidedBy: null, decidedAt: null },
        basis: preview.basis,
      });
      await manager.insert(Correction, correction);
      await manager.insert(CorrectionChange, rowsOf(correction, changes));
      await this.audit(manager, correction, 'correction.request', by);
      return correction;
    });
  }

  /**
   * Approves or rejects a correction.
   * @throws RollcallError NOT_FOUND; FORBIDDEN (four eyes); CONFLICT (STALE) if it is decided already, or the punches of its
   *   days changed since it was asked for: then `preview` shows what it would do now, and a second decision is about that
   */
  async decide({ id, approve, note }: Decision, by: Actor): Promise<Correction> {
    if (!approve) return this.reject({ id, note }, by);
    const found = isUuid(id) ? await this.dataSource.manager.findOneBy(Correction, { id }) : null;
    if (found === null) throw noSuchCorrection();
    const order = { where: { correctionId: id }, order: { position: 'ASC' } } as const;
    const changes = await this.dataSource.manager.find(CorrectionChange, order);
    const { employeeId } = found;
    try {
      const decided = await this.onState({ employeeId, changes, made: null }, async (manager, preview) => {
        const { correction, employee } = await lockOpen(manager, id);
        if (this.fourEyes && correction.requestedBy === by.caller) throw ownCorrection();
        if ((await punchState(manager, employeeId)) !== preview.state) return null;
        if (preview.basis !== correction.basis) {
          await manager.update(Correction, { id }, { basis: preview.basis });
          return { correction, outdated: preview };
        }
        await this.approve(manager, { correction, employee, changes, note }, by);
        return { correction, outdated: null };
      });
      if (decided.outdated === null) return decided.correction;
      // Thrown after the commit, since the new basis is to stay.
      throw changed(decided.outdated);
    } catch (error) {
      if (uniqueViolation(error) === 'attendance_voids_in_force') throw alreadyVoided();
      throw error;
    }
  }

  /** @throws RollcallError NOT_FOUND; FORBIDDEN for another than who asked; CONFLICT (STALE) if it is decided already */
  withdraw(id: string, by: Actor): Promise<Correction> {
    return this.dataSource.transaction(async (manager) => {
      const { correction } = await lockOpen(manager, id);
      if (correction.requestedBy !== by.caller) {
        throw new RollcallError('FORBIDDEN', 'Only the requester of a correction may withdraw it');
      }
      const { WITHDRAWN: status } = CorrectionStatus;
      await this.close(manager, correction, { status, note: null }, by);
      await this.audit(manager, correction, 'correction.withdraw', by);
      return correction;
    });
  }

  private reject({ id, note }: Omit<Decision, 'approve'>, by: Actor): Promise<Correction> {
    return this.dataSource.transaction(async (manager) => {
      const { correction } = await lockOpen(manager, id);
      if (this.fourEyes && correction.requestedBy === by.caller) throw ownCorrection();
      await this.close(manager, correction, { status: CorrectionStatus.REJECTED, note }, by);
      await this.audit(manager, correction, 'correction.reject', by);
      return correction;
    });
  }

  private async approve(
    manager: EntityManager,
    { correction, employee, changes, note }: Approval,
    by: Actor,
  ) {
    await this.close(manager, correction, { status: CorrectionStatus.APPROVED, note }, by);
    const made = await applyChanges(manager, changes, { correction, employee, by, at: this.now() });
    for (const { id, attendanceId } of made) await manager.update(CorrectionChange, { id }, { attendanceId });
    await this.audit(manager, correction, 'correction.approve', by);
  }

  /**
   * Derives days, then writes in a transaction that finds the punches as they were then.
   * @param write answers null if they are not
   */
  private async onState<T>(
    order: Parameters<CorrectionPreviews['of']>[0],
    write: (manager: EntityManager, preview: CorrectionPreview) => Promise<T | null>,
  ): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const preview = await this.previews.of(order);
      const written = await this.dataSource.transaction((manager) => write(manager, preview));
      if (written !== null) return written;
    }
    throw stale('The employee is punching; try again');
  }

  private async close(
    manager: EntityManager,
    correction: Correction,
    { status, note }: Pick<Correction, 'status' | 'note'>,
    by: Actor,
  ): Promise<void> {
    const values = { status, note, decidedBy: by.caller, decidedAt: this.now() };
    await manager.update(Correction, { id: correction.id }, values);
    Object.assign(correction, values);
  }

  private audit(
    manager: EntityManager,
    { id: correctionId, employeeId }: Correction,
    action: 'correction.request' | 'correction.approve' | 'correction.reject' | 'correction.withdraw',
    by: Actor,
  ): Promise<void> {
    return recordAudit(manager, { ...by, action, employeeId, details: { correctionId }, at: this.now() });
  }
}

/** A correction that waits for a decision, locked with its employee. */
async function lockOpen(manager: EntityManager, id: string) {
  const found = isUuid(id) ? await manager.findOneBy(Correction, { id }) : null;
  if (found === null) throw noSuchCorrection();
  // The employee comes first, as in every transaction.
  const employee = await lockRow(manager, found.employeeId, 'id');
  const correction = await manager.findOneByOrFail(Correction, { id });
  if (correction.status !== CorrectionStatus.REQUESTED) {
    throw stale(`The correction is already decided: ${correction.status}`);
  }
  return { correction, employee };
}

function changed({ days }: CorrectionPreview): RollcallError {
  const preview = days.map(({ date, before, after }) => ({
    date,
    before: { status: before.status, workedMinutes: before.figures.workedMinutes },
    after: { status: after.status, workedMinutes: after.figures.workedMinutes },
  }));
  return new RollcallError(
    'CONFLICT',
    'Punches of its days changed since it was requested; look at it again',
    {
      ...{ field: 'id', reason: 'STALE', preview },
    },
  );
}
