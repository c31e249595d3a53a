import type { DataSource, EntityManager, SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { pageOf, type Page, type PageRequest } from '../../../database/paging';
import { isLocalDate, type LocalDate } from '../../../entities/local-scalars';
import { Office } from '../../../entities/office.entity';
import { ScheduleAssignment } from '../../../entities/schedule-assignment.entity';
import { WorkRules } from '../../../entities/work-rules.entity';
import { badInput, conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { lockPerson } from '../../employees/lock-person';
import { noSuchOffice } from '../../offices/office-service';
import { addDays } from '../../dates/dates';
import { lockSchedule } from './schedule-service';
import { folded } from '../../text/folded';

/** One of employeeId and officeId. */
interface AssignmentOrder {
  /** The company's own id. */
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly scheduleId: string;
  readonly rulesId: string;
  readonly from: LocalDate;
  /** The last day; left out: open. */
  readonly until?: LocalDate | null | undefined;
}

export interface AssignmentFilter {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly scheduleId?: string | null | undefined;
  /** Only those that hold on this date. */
  readonly on?: LocalDate | null | undefined;
}

type Subject = Pick<ScheduleAssignment, 'employeeId' | 'officeId'>;

const BY_DATE = {
  list: 'scheduleAssignments',
  direction: 'ASC',
  columns: ['s.valid_from', 's.id'],
  key: ':key::date',
  keyOf: ({ validFrom }: ScheduleAssignment) => validFrom,
  isKey: isLocalDate,
} as const;

/** Which schedule and rules hold for whom, from when until when. Of one subject no two overlap. */
export class AssignmentService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /**
   * By first day, then id.
   * @throws RollcallError BAD_USER_INPUT for `first` and `after`
   */
  list(filter: AssignmentFilter, request: PageRequest): Promise<Page<ScheduleAssignment>> {
    return pageOf(BY_DATE, () => this.filtered(filter), request);
  }

  /**
   * Assigns a schedule and rules. An open assignment that began earlier ends the day before.
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND; CONFLICT (OVERLAP) with an assignment that is not the open one before
   */
  assign(order: AssignmentOrder, by: Actor): Promise<ScheduleAssignment> {
    const { scheduleId, rulesId, from, until = null } = order;
    if ((order.employeeId == null) === (order.officeId == null)) {
      throw badInput('employeeId', 'exactly one of employeeId and officeId must be given');
    }
    if (until !== null && until < from) throw badInput('until', 'must not be before from');
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      const subject = await lockSubject(manager, order);
      const schedule = await lockSchedule(manager, scheduleId, 'scheduleId');
      if (schedule.archivedAt !== null) throw conflict('scheduleId', 'The schedule is archived');
      if (!isUuid(rulesId) || !(await manager.existsBy(WorkRules, { id: rulesId }))) {
        throw notFound('rulesId', 'work rules not found');
      }
      for (const before of await overlapping(manager, subject, { from, until })) {
        if (before.validUntil !== null || before.validFrom >= from) throw overlap(before);
        await manager.update(ScheduleAssignment, { id: before.id }, { validUntil: addDays(from, -1) });
      }
      const made = { id: uuidv7(), createdBy: by.caller, createdAt: at };
      const range = { validFrom: from, validUntil: until };
      const assignment = manager.create(ScheduleAssignment, {
        ...{ ...subject, scheduleId, rulesId, ...range, ...made },
      });
      await manager.insert(ScheduleAssignment, assignment);
      const details = {
        assignmentId: assignment.id,
        scheduleId,
        rulesId,
        from,
        until,
        officeId: subject.officeId,
      };
      await recordAudit(manager, {
        ...by,
        action: 'plan.assign',
        employeeId: subject.employeeId,
        details,
        at,
      });
      return assignment;
    });
  }

  /**
   * Sets the last day of an assignment.
   * @throws RollcallError NOT_FOUND; BAD_USER_INPUT (until); CONFLICT (OVERLAP) with a later assignment
   */
  end({ id, until }: { id: string; until: LocalDate }, by: Actor): Promise<ScheduleAssignment> {
    return this.dataSource.transaction(async (manager) => {
      const known = isUuid(id) ? await manager.findOneBy(ScheduleAssignment, { id }) : null;
      if (known === null) throw notFound('id', 'assignment not found');
      await lockRows(manager, known);
      const assignment = await manager.findOneByOrFail(ScheduleAssignment, { id });
      const { validFrom: from } = assignment;
      if (until < from) throw badInput('until', `must not be before ${from}, the first day`);
      const [later] = (await overlapping(manager, assignment, { from, until })).filter(
        (other) => other.id !== id,
      );
      if (later !== undefined) throw overlap(later);
      await manager.update(ScheduleAssignment, { id }, { validUntil: until });
      const details = { assignmentId: id, until, officeId: assignment.officeId };
      const { employeeId } = assignment;
      await recordAudit(manager, { ...by, action: 'plan.end', employeeId, details, at: this.now() });
      return Object.assign(assignment, { validUntil: until });
    });
  }

  private filtered({ employeeId, officeId, scheduleId, on }: AssignmentFilter) {
    const query = this.dataSource.getRepository(ScheduleAssignment).createQueryBuilder('s').where('true');
    if (employeeId != null) {
      query.andWhere('s.employee_id = (SELECT e.id FROM employees e WHERE e.employee_id_key = :employeeId)', {
        employeeId: folded(employeeId),
      });
    }
    sameId(query, 'office_id', officeId);
    sameId(query, 'schedule_id', scheduleId);
    if (on != null)
      query.andWhere('s.valid_from <= :on AND (s.valid_until IS NULL OR s.valid_until >= :on)', { on });
    return query;
  }
}

function sameId(
  query: SelectQueryBuilder<ScheduleAssignment>,
  column: string,
  id: string | null | undefined,
): void {
  if (id == null) return;
  if (isUuid(id)) query.andWhere(`s.${column} = :${column}`, { [column]: id });
  else query.andWhere('false');
}

const overlap = ({ validFrom, validUntil }: ScheduleAssignment) =>
  conflict(
    'from',
    `Overlaps the assignment from ${validFrom} ${validUntil === null ? 'on' : `until ${validUntil}`}`,
    'OVERLAP',
  );

/** The subject, locked, so that of two assignments that overlap one comes first. */
async function lockSubject(
  manager: EntityManager,
  { employeeId, officeId }: AssignmentOrder,
): Promise<Subject> {
  if (employeeId != null) return { employeeId: (await lockPerson(manager, employeeId)).id, officeId: null };
  const subject = { employeeId: null, officeId: officeId ?? null };
  if (!isUuid(officeId)) throw noSuchOffice('officeId');
  await lockRows(manager, subject);
  return subject;
}

/** @throws RollcallError NOT_FOUND if it is gone */
async function lockRows(manager: EntityManager, { employeeId, officeId }: Subject): Promise<void> {
  if (employeeId !== null) {
    await manager.query('SELECT FROM employees WHERE id = $1 FOR NO KEY UPDATE', [employeeId]);
    return;
  }
  const lock = { mode: 'for_no_key_update' } as const;
  const office = await manager.findOne(Office, { where: { id: officeId as string }, lock });
  if (office === null) throw noSuchOffice('officeId');
}

/** Those of the subject that have a day in common with the range, oldest first. */
const overlapping = (
  manager: EntityManager,
  { employeeId, officeId }: Subject,
  { from, until }: { from: LocalDate; until: LocalDate | null },
): Promise<ScheduleAssignment[]> =>
  manager
    .createQueryBuilder(ScheduleAssignment, 's')
    .where(employeeId === null ? 's.office_id = :subject' : 's.employee_id = :subject', {
      subject: employeeId ?? officeId,
    })
    .andWhere(
      '(s.valid_until IS NULL OR s.valid_until >= :from) AND (:until::date IS NULL OR s.valid_from <= :until)',
      {
        from,
        until,
      },
    )
    .orderBy('s.valid_from')
    .getMany();
