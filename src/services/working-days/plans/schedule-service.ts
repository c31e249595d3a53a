import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import type { LocalDate } from '../../../entities/local-scalars';
import { ScheduleDay } from '../../../entities/schedule-day.entity';
import { Schedule } from '../../../entities/schedule.entity';
import { badInput, conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { requireShifts } from './shift-service';

interface ScheduleValues {
  readonly name: string;
  readonly cycleDays: number;
  readonly anchor: LocalDate;
  readonly days: readonly { readonly day: number; readonly shiftId: string }[];
}

const MAX_CYCLE = 366;

/** Schedules: cycles of days. One that is assigned is never changed, as with shifts. */
export class ScheduleService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /** All by name, archived ones too. */
  list(): Promise<Schedule[]> {
    return this.dataSource.getRepository(Schedule).find({ order: { name: 'ASC', id: 'ASC' } });
  }

  /** @throws RollcallError BAD_USER_INPUT; NOT_FOUND, CONFLICT (shiftId) */
  create(values: ScheduleValues, by: Actor): Promise<Schedule> {
    checkCycle(values);
    return this.dataSource.transaction(async (manager) => {
      const { name, cycleDays, anchor } = values;
      const made = { id: uuidv7(), archivedAt: null, createdBy: by.caller, createdAt: this.now() };
      const schedule = manager.create(Schedule, { name, cycleDays, anchor, ...made });
      await manager.insert(Schedule, schedule);
      await this.writeDays(manager, schedule, values);
      await this.audit(manager, schedule, 'create', by);
      return schedule;
    });
  }

  /** @throws RollcallError BAD_USER_INPUT, NOT_FOUND; CONFLICT (IN_USE) if it is or was assigned */
  update(id: string, values: ScheduleValues, by: Actor): Promise<Schedule> {
    checkCycle(values);
    return this.dataSource.transaction(async (manager) => {
      const schedule = await lockSchedule(manager, id, 'id');
      if (await isAssigned(manager, id, null)) {
        throw conflict(
          'id',
          'The schedule is in use; create another one and assign it from a date',
          'IN_USE',
        );
      }
      const { name, cycleDays, anchor } = values;
      await manager.update(Schedule, { id }, { name, cycleDays, anchor });
      await manager.delete(ScheduleDay, { scheduleId: id });
      await this.writeDays(manager, schedule, values);
      await this.audit(manager, schedule, 'update', by);
      return Object.assign(schedule, { name, cycleDays, anchor });
    });
  }

  /**
   * No new assignment can name it. Repeating it changes nothing.
   * @throws RollcallError NOT_FOUND; CONFLICT (IN_USE) if an assignment of today or later has it
   */
  archive(id: string, by: Actor): Promise<Schedule> {
    return this.dataSource.transaction(async (manager) => {
      const schedule = await lockSchedule(manager, id, 'id');
      if (schedule.archivedAt !== null) return schedule;
      if (await isAssigned(manager, id, this.now().toISOString().slice(0, 10))) {
        throw conflict('id', 'The schedule is in use; end its assignments first', 'IN_USE');
      }
      schedule.archivedAt = this.now();
      await manager.update(Schedule, { id }, { archivedAt: schedule.archivedAt });
      await this.audit(manager, schedule, 'archive', by);
      return schedule;
    });
  }

  private async writeDays(manager: EntityManager, { id: scheduleId }: Schedule, { days }: ScheduleValues) {
    await requireShifts(
      manager,
      days.map(({ shiftId }) => shiftId),
    );
    await manager.insert(
      ScheduleDay,
      days.map(({ day, shiftId }) => ({ scheduleId, day, shiftId })),
    );
  }

  private audit(
    manager: EntityManager,
    { id: scheduleId }: Schedule,
    change: string,
    by: Actor,
  ): Promise<void> {
    const details = { scheduleId, change };
    return recordAudit(manager, { ...by, action: 'plan.schedule', details, at: this.now() });
  }
}

function checkCycle({ cycleDays, days }: ScheduleValues): void {
  if (cycleDays < 1 || cycleDays > MAX_CYCLE) throw badInput('cycleDays', `must be 1 to ${MAX_CYCLE}`);
  if (days.length < 1 || days.length > cycleDays) {
    throw badInput('days', `must have 1 to ${cycleDays} entries, at most one for each day of the cycle`);
  }
  const outside = days.some(({ day }) => day < 1 || day > cycleDays);
  if (outside) throw badInput('day', `must be 1 to ${cycleDays}, the length of the cycle`);
  if (new Set(days.map(({ day }) => day)).size < days.length)
    throw badInput('day', 'must not be given twice');
}

/** @param since only assignments of that date or later; null: any */
async function isAssigned(manager: EntityManager, id: string, since: LocalDate | null): Promise<boolean> {
  const uses = await manager.query<unknown[]>(
    `SELECT FROM schedule_assignments
     WHERE schedule_id = $1 AND ($2::date IS NULL OR valid_until IS NULL OR valid_until >= $2) LIMIT 1`,
    [id, since],
  );
  return uses.length > 0;
}

/** @throws RollcallError NOT_FOUND naming `field` */
export async function lockSchedule(manager: EntityManager, id: string, field: string): Promise<Schedule> {
  const lock = { mode: 'pessimistic_write' } as const;
  const schedule = isUuid(id) ? await manager.findOne(Schedule, { where: { id }, lock }) : null;
  if (schedule === null) throw notFound(field, 'schedule not found');
  return schedule;
}
