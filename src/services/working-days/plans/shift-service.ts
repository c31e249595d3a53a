import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { Shift } from '../../../entities/shift.entity';
import { conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { checkShift, type ShiftValues } from './check-shift';

/** Shifts. One that a schedule or a day plan names is never changed: a month that is past would change with it. */
export class ShiftService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /** All by name, archived ones too. */
  list(): Promise<Shift[]> {
    return this.dataSource.getRepository(Shift).find({ order: { name: 'ASC', id: 'ASC' } });
  }

  /** @throws RollcallError BAD_USER_INPUT */
  create(values: ShiftValues, by: Actor): Promise<Shift> {
    checkShift(values);
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      const made = { id: uuidv7(), archivedAt: null, createdBy: by.caller, createdAt: at };
      const shift = manager.create(Shift, { ...values, ...made });
      await manager.insert(Shift, shift);
      await this.audit(manager, shift, 'create', by);
      return shift;
    });
  }

  /** @throws RollcallError BAD_USER_INPUT, NOT_FOUND; CONFLICT (IN_USE) if a schedule or a day plan names it */
  update(id: string, values: ShiftValues, by: Actor): Promise<Shift> {
    checkShift(values);
    return this.dataSource.transaction(async (manager) => {
      const shift = await lockShift(manager, id, 'id');
      if (await isNamed(manager, id)) throw inUse('The shift is in use; create another one and assign it');
      await manager.update(Shift, { id }, values);
      await this.audit(manager, shift, 'update', by);
      return Object.assign(shift, values);
    });
  }

  /**
   * No new plan can name it. Repeating it changes nothing.
   * @throws RollcallError NOT_FOUND; CONFLICT (IN_USE) if a schedule that is not archived has it, or a day to come
   */
  archive(id: string, by: Actor): Promise<Shift> {
    return this.dataSource.transaction(async (manager) => {
      const shift = await lockShift(manager, id, 'id');
      if (shift.archivedAt !== null) return shift;
      const [use] = await manager.query<unknown[]>(
        `SELECT FROM schedule_days d JOIN schedules s ON s.id = d.schedule_id
           WHERE d.shift_id = $1 AND s.archived_at IS NULL
         UNION ALL SELECT FROM day_plans WHERE shift_id = $1 AND date >= $2`,
        [id, this.now().toISOString().slice(0, 10)],
      );
      if (use !== undefined) throw inUse('The shift is in use; archive its schedules first');
      shift.archivedAt = this.now();
      await manager.update(Shift, { id }, { archivedAt: shift.archivedAt });
      await this.audit(manager, shift, 'archive', by);
      return shift;
    });
  }

  private audit(manager: EntityManager, { id: shiftId }: Shift, change: string, by: Actor): Promise<void> {
    return recordAudit(manager, {
      ...by,
      action: 'plan.shift',
      details: { shiftId, change },
      at: this.now(),
    });
  }
}

const inUse = (message: string) => conflict('id', message, 'IN_USE');

const isNamed = async (manager: EntityManager, id: string): Promise<boolean> => {
  const uses = await manager.query<unknown[]>(
    `SELECT FROM schedule_days WHERE shift_id = $1 UNION ALL SELECT FROM day_plans WHERE shift_id = $1 LIMIT 1`,
    [id],
  );
  return uses.length > 0;
};

async function lockShift(manager: EntityManager, id: string, field: string): Promise<Shift> {
  const lock = { mode: 'pessimistic_write' } as const;
  const shift = isUuid(id) ? await manager.findOne(Shift, { where: { id }, lock }) : null;
  if (shift === null) throw notFound(field, 'shift not found');
  return shift;
}

/**
 * The shifts of these ids, locked against being changed or archived until the transaction ends.
 * @throws RollcallError NOT_FOUND (shiftId); CONFLICT (shiftId) for one that is archived
 */
export async function requireShifts(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, Shift>> {
  const wanted = [...new Set(ids)].sort();
  if (!wanted.every((id) => isUuid(id))) throw notFound('shiftId', 'shift not found');
  const shifts = await manager
    .createQueryBuilder(Shift, 's')
    .where('s.id = ANY(:wanted::uuid[])', { wanted })
    .orderBy('s.id')
    .setLock('pessimistic_read')
    .getMany();
  if (shifts.length < wanted.length) throw notFound('shiftId', 'shift not found');
  if (shifts.some(({ archivedAt }) => archivedAt !== null))
    throw conflict('shiftId', 'The shift is archived');
  return new Map(shifts.map((shift) => [shift.id, shift]));
}
