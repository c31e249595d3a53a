import { Between, type DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Holiday, HolidayKind } from '../../../entities/holiday.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { Office } from '../../../entities/office.entity';
import { badInput } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import type { OfficeService } from '../../offices/office-service';
import { dateIn } from '../../dates/dates';
import {
  publicHolidays,
  sourceOf,
  type HolidayRegion,
  type HolidayType,
  type KnownHoliday,
} from './public-holidays';

interface ImportOrder extends HolidayRegion {
  readonly officeId: string;
  readonly year: number;
  readonly types: readonly HolidayType[];
  /** Whether holidays before today are changed as well. */
  readonly confirm: boolean;
}

/** A holiday that an import found. */
export interface ImportedHoliday extends KnownHoliday {
  /** false: it is in the past, and was not confirmed. */
  readonly applied: boolean;
}

export interface HolidayImportResult {
  readonly added: readonly ImportedHoliday[];
  readonly same: readonly ImportedHoliday[];
  readonly changed: readonly ImportedHoliday[];
  readonly gone: readonly ImportedHoliday[];
}

const FIRST_YEAR = 1970;
const LAST_YEAR = 2100;

/** Copies public holidays into the table: from then on they are the office's own. */
export class HolidayImport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly offices: OfficeService,
    private readonly now: () => Date,
  ) {}

  /**
   * Importing a year again brings it up to date. Holidays that were added by hand stay as they are.
   * @throws RollcallError BAD_USER_INPUT naming what does not exist; NOT_FOUND (officeId)
   */
  async run(order: ImportOrder, by: Actor): Promise<HolidayImportResult> {
    const { year, types } = order;
    if (year < FIRST_YEAR || year > LAST_YEAR)
      throw badInput('year', `must be ${FIRST_YEAR} to ${LAST_YEAR}`);
    if (types.length === 0) throw badInput('types', 'must have at least one entry');
    const known = await publicHolidays(order, year, types);
    const { id: officeId } = await this.offices.get(order.officeId, 'officeId');
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      // Locked, so that of two imports the second sees what the first has added.
      const lock = { mode: 'for_no_key_update' } as const;
      const office = await manager.findOneOrFail(Office, { where: { id: officeId }, lock });
      const source = sourceOf(order);
      const today = dateIn(office.timeZone, at);
      const mayWrite = (date: LocalDate): boolean => order.confirm || date >= today;
      const result = await merge(manager, known, { officeId, source, year, types, mayWrite, by, at });
      const details = {
        ...{ officeId, source, year, added: done(result.added), changed: done(result.changed) },
        gone: done(result.gone),
      };
      await recordAudit(manager, { ...by, action: 'holiday.import', details, at });
      return result;
    });
  }
}

const done = (holidays: readonly ImportedHoliday[]): number =>
  holidays.filter(({ applied }) => applied).length;

interface Target {
  readonly officeId: string;
  readonly source: string;
  readonly year: number;
  readonly types: readonly HolidayType[];
  readonly mayWrite: (date: LocalDate) => boolean;
  readonly by: Actor;
  readonly at: Date;
}

async function merge(
  manager: EntityManager,
  known: readonly KnownHoliday[],
  { officeId, source, year, types, mayWrite, by, at }: Target,
): Promise<HolidayImportResult> {
  const where = { officeId, date: Between(`${year}-01-01`, `${year}-12-31`) };
  const there = new Map((await manager.find(Holiday, { where })).map((holiday) => [holiday.date, holiday]));
  const result = { added: [], same: [], changed: [], gone: [] } as Record<
    keyof HolidayImportResult,
    ImportedHoliday[]
  >;
  const isOwn = (holiday: Holiday): boolean => holiday.source === source && types.includes(typeOf(holiday));
  for (const holiday of known) {
    const { date, name, startsAt, type } = holiday;
    const other = there.get(date);
    there.delete(date);
    const applied = mayWrite(date);
    const made = { source, importedType: type, createdBy: by.caller, createdAt: at };
    if (other === undefined) {
      const values = { id: uuidv7(), officeId, date, name, startsAt, kind: HolidayKind.PUBLIC, ...made };
      if (applied) await manager.insert(Holiday, values);
      result.added.push({ ...holiday, applied });
    } else if (!isOwn(other) || (other.name === name && other.startsAt === startsAt)) {
      result.same.push({ ...holiday, applied: true });
    } else {
      if (applied) await manager.update(Holiday, { id: other.id }, { name, startsAt, ...made });
      result.changed.push({ ...holiday, applied });
    }
  }
  for (const holiday of there.values()) {
    if (!isOwn(holiday)) continue;
    const { id, date, name, startsAt } = holiday;
    const applied = mayWrite(date);
    if (applied) await manager.delete(Holiday, { id });
    result.gone.push({ date, name, startsAt, type: typeOf(holiday), applied });
  }
  return result;
}

/** Earlier versions did not note it; an import takes public holidays, unless it is asked for others. */
const typeOf = ({ importedType }: Holiday): HolidayType => (importedType ?? 'public') as HolidayType;
