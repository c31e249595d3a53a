import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { pageOf, type Page, type PageRequest } from '../../../database/paging';
import { Absence, ABSENCE_KIND_PATTERN } from '../../../entities/absence.entity';
import { isLocalDate, type LocalDate } from '../../../entities/local-scalars';
import { badInput, conflict, notFound, type RollcallError } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { lockPerson } from '../../employees/lock-person';
import { checkRange } from '../../dates/dates';
import { folded } from '../../text/folded';

export interface AbsenceValues {
  readonly from: LocalDate;
  /** The last day. */
  readonly until: LocalDate;
  /** null: whole days. */
  readonly minutesPerDay?: number | null | undefined;
  readonly kind: string;
  readonly paid: boolean;
}

export interface AbsenceFilter {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  /** Only those with a day on or after it. */
  readonly from?: LocalDate | null | undefined;
  /** Only those with a day on or before it. */
  readonly until?: LocalDate | null | undefined;
}

/** Three years and a month: the longest parental leave. */
const MAX_DAYS = 1126;
const DAY = 1440;

const BY_DATE = {
  list: 'absences',
  direction: 'ASC',
  columns: ['a.valid_from', 'a.id'],
  key: ':key::date',
  keyOf: ({ validFrom }: Absence) => validFrom,
  isKey: isLocalDate,
} as const;

/** Absences: facts that another system decided, or that HR records. */
export class AbsenceService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /**
   * By first day, then id.
   * @throws RollcallError BAD_USER_INPUT for `first`, `after` and a range that ends before it begins
   */
  list(filter: AbsenceFilter, request: PageRequest): Promise<Page<Absence>> {
    const { from, until } = filter;
    if (from != null && until != null && until < from) throw badInput('until', 'must not be before from');
    return pageOf(BY_DATE, () => this.filtered(filter), request);
  }

  /**
   * @throws RollcallError BAD_USER_INPUT, NOT_FOUND (employeeId); CONFLICT (OVERLAP) if whole days are recorded twice
   */
  record(employeeId: string, values: AbsenceValues, by: Actor): Promise<Absence> {
    checkAbsence(values);
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      const { id } = await lockPerson(manager, employeeId);
      const { from, until, minutesPerDay = null, kind, paid } = values;
      const [other] = await manager.query<{ from: LocalDate; until: LocalDate }[]>(
        `SELECT valid_from AS "from", valid_until AS until FROM absences
         WHERE employee_id = $1 AND minutes_per_day IS NULL AND valid_from <= $3 AND valid_until >= $2 LIMIT 1`,
        [id, from, until],
      );
      if (other !== undefined && minutesPerDay === null) {
        throw conflict('from', `Overlaps the absence from ${other.from} until ${other.until}`, 'OVERLAP');
      }
      const absence = manager.create(Absence, {
        ...{ id: uuidv7(), employeeId: id, validFrom: from, validUntil: until, minutesPerDay, kind, paid },
        ...{ source: null, externalId: null, createdBy: by.caller, createdAt: at },
      });
      await manager.insert(Absence, absence);
      // Not the kind: the trail outlives an erasure.
      const details = { absenceId: absence.id, from, until };
      await recordAudit(manager, { ...by, action: 'absence.record', employeeId: id, details, at });
      return absence;
    });
  }

  /** @throws RollcallError NOT_FOUND */
  cancel(id: string, by: Actor): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const absence = isUuid(id) ? await manager.findOne(Absence, { where: { id }, lock }) : null;
      if (absence === null) throw notFound('id', 'absence not found');
      await manager.delete(Absence, { id });
      const { employeeId, validFrom: from, validUntil: until } = absence;
      const details = { absenceId: id, from, until };
      await recordAudit(manager, { ...by, action: 'absence.cancel', employeeId, details, at: this.now() });
    });
  }

  private filtered({ employeeId, officeId, from, until }: AbsenceFilter): SelectQueryBuilder<Absence> {
    const query = this.dataSource
      .getRepository(Absence)
      .createQueryBuilder('a')
      .innerJoin('a.employee', 'e', 'e.erased_at IS NULL');
    if (employeeId != null)
      query.andWhere('e.employee_id_key = :employeeId', { employeeId: folded(employeeId) });
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('e.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    if (from != null) query.andWhere('a.valid_until >= :from', { from });
    if (until != null) query.andWhere('a.valid_from <= :until', { until });
    return query;
  }
}

/** @throws RollcallError BAD_USER_INPUT naming the field and its bound */
function checkAbsence({ from, until, minutesPerDay = null, kind }: AbsenceValues): void {
  checkRange(from, until, MAX_DAYS);
  if (minutesPerDay !== null && !(minutesPerDay >= 1 && minutesPerDay <= DAY)) {
    throw badInput('minutesPerDay', `must be 1 to ${DAY}`);
  }
  if (!ABSENCE_KIND_PATTERN.test(kind)) throw badInput('kind', 'must be 1 to 32 of A-Z, 0-9 and _');
}

/** What is wrong with an absence; null: nothing. */
export function absenceFault(values: AbsenceValues): RollcallError | null {
  try {
    checkAbsence(values);
    return null;
  } catch (error) {
    return error as RollcallError;
  }
}
