import { Between, type DataSource } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { uniqueViolation } from '../../../database/errors';
import { Holiday, type HolidayKind } from '../../../entities/holiday.entity';
import type { LocalDate, LocalTime } from '../../../entities/local-scalars';
import { conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import type { OfficeService } from '../../offices/office-service';
import { checkRange } from '../../dates/dates';

interface HolidayValues {
  readonly officeId: string;
  readonly date: LocalDate;
  readonly name: string;
  readonly startsAt: LocalTime | null;
  readonly kind: HolidayKind;
}

/** Ten years and some leap days. */
const MAX_RANGE = 3653;
/** The source of what a person added. */
const BY_HAND = 'manual';

/** Holidays of offices. */
export class HolidayService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly offices: OfficeService,
    private readonly now: () => Date,
  ) {}

  /** By date. @throws RollcallError NOT_FOUND (officeId); BAD_USER_INPUT (until) */
  async list(officeId: string, from: LocalDate, until: LocalDate): Promise<Holiday[]> {
    checkRange(from, until, MAX_RANGE);
    await this.offices.get(officeId, 'officeId');
    const where = { officeId, date: Between(from, until) };
    return this.dataSource.getRepository(Holiday).find({ where, order: { date: 'ASC' } });
  }

  /** @throws RollcallError NOT_FOUND (officeId); CONFLICT (OVERLAP) if the office has a holiday on that date */
  async add(values: HolidayValues, by: Actor): Promise<Holiday> {
    const { id: officeId } = await this.offices.get(values.officeId, 'officeId');
    try {
      return await this.dataSource.transaction(async (manager) => {
        const at = this.now();
        const made = { id: uuidv7(), source: BY_HAND, createdBy: by.caller, createdAt: at };
        const holiday = manager.create(Holiday, { ...values, officeId, ...made });
        await manager.insert(Holiday, holiday);
        const details = { holidayId: holiday.id, officeId, date: holiday.date };
        await recordAudit(manager, { ...by, action: 'holiday.add', details, at });
        return holiday;
      });
    } catch (error) {
      if (uniqueViolation(error) !== 'holidays_office_id_date') throw error;
      throw conflict('date', 'The office already has a holiday on this date', 'OVERLAP');
    }
  }

  /** @throws RollcallError NOT_FOUND */
  remove(id: string, by: Actor): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      const holiday = isUuid(id) ? await manager.findOne(Holiday, { where: { id }, lock }) : null;
      if (holiday === null) throw notFound('id', 'holiday not found');
      await manager.delete(Holiday, { id });
      const details = { holidayId: id, officeId: holiday.officeId, date: holiday.date };
      await recordAudit(manager, { ...by, action: 'holiday.remove', details, at: this.now() });
    });
  }
}
