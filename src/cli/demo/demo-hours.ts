import { In, type DataSource, type EntityManager, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { foreignKeyViolation } from '../../database/errors';
import { Absence } from '../../entities/absence.entity';
import { DayPlanEntry } from '../../entities/day-plan-entry.entity';
import { Employee } from '../../entities/employee.entity';
import { Holiday, HolidayKind } from '../../entities/holiday.entity';
import type { TimeRange } from '../../entities/local-scalars';
import { ScheduleAssignment } from '../../entities/schedule-assignment.entity';
import { ScheduleDay } from '../../entities/schedule-day.entity';
import { Schedule } from '../../entities/schedule.entity';
import { Shift, ShiftKind } from '../../entities/shift.entity';
import { WorkRulesVersion } from '../../entities/work-rules-version.entity';
import { WorkRules } from '../../entities/work-rules.entity';
import { mergeRules } from '../../services/working-days/rules/merge-rules';
import { PRESETS } from '../../services/working-days/rules/presets';
import { ON_LEAVE, type DemoHours } from './demo-hours-plan';
import type { DemoIds } from './demo-ids';

const WORKDAYS = [1, 2, 3, 4, 5];

/** Writes the plans of the demo: shifts, a schedule with rules, a holiday, a leave and a night shift. */
export class DemoPlans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ids: DemoIds,
  ) {}

  /** Adds what is missing, also to what an earlier version of the demo has made. */
  add(hours: DemoHours, at: Date): Promise<void> {
    const { ids } = this;
    const made = { createdBy: 'demo', createdAt: at };
    const [employeeId, officeId] = [ids.employee(ON_LEAVE), ids.office];
    const [day, night, scheduleId, rulesId] = ['day', 'night', 'schedule', 'rules'].map((name) =>
      ids.plan(name),
    );
    const shift = (id: string | undefined, name: string, segment: TimeRange) => ({
      ...{ id, name, kind: ShiftKind.FIXED, segments: [segment], breakMinutes: 30, core: [], ...made },
    });
    const fields = mergeRules(PRESETS.GERMANY, {
      lateGraceMinutes: 5,
      overtime: { daily: [{ after: 'PLAN', class: 'OVERTIME_1' }] },
    });
    return this.dataSource.transaction(async (manager) => {
      await add(manager, Shift, [
        shift(day, 'Day (DEMO)', { from: '09:00', to: '17:30' }),
        shift(night, 'Night (DEMO)', { from: '22:00', to: '06:00' }),
      ]);
      await add(manager, Schedule, [
        { id: scheduleId, name: 'Week (DEMO)', cycleDays: 7, anchor: '2024-01-01', ...made },
      ]);
      await add(
        manager,
        ScheduleDay,
        WORKDAYS.map((number) => ({ scheduleId, day: number, shiftId: day })),
      );
      await add(manager, WorkRules, [{ id: rulesId, name: 'Rules (DEMO)', ...made }]);
      await add(manager, WorkRulesVersion, [
        { id: ids.plan('version'), rulesId, version: 1, validFrom: '1970-01-01', fields, ...made },
      ]);
      const validFrom = hours.night;
      await add(manager, ScheduleAssignment, [
        { id: ids.plan('assignment'), officeId, scheduleId, rulesId, validFrom, ...made },
      ]);
      await add(manager, Holiday, [
        {
          ...{ id: ids.plan('holiday'), officeId, date: hours.holiday, name: 'Company day (DEMO)' },
          ...{ kind: HolidayKind.COMPANY, source: 'manual', ...made },
        },
      ]);
      const [validUntil, kind] = [hours.leave, 'VACATION'];
      await add(manager, Absence, [
        { id: ids.plan('leave'), employeeId, validFrom: hours.leave, validUntil, kind, paid: true, ...made },
      ]);
      const plan = { employeeId, date: hours.night, shiftId: night, reason: 'Stocktaking' };
      await add(manager, DayPlanEntry, [{ id: ids.plan('night-plan'), ...plan, ...made }]);
      await manager
        .createQueryBuilder()
        .update(Employee)
        .set({ employedFrom: hours.night })
        .where({ id: In([...ids.employees]) })
        .andWhere('employed_from > :from', { from: hours.night })
        .execute();
    });
  }

  /** Removes what is left after the office and the people are gone. What others use by now stays. */
  async remove(): Promise<void> {
    const { manager } = this.dataSource;
    const of = (...names: readonly string[]) => ({ id: In(names.map((name) => this.ids.plan(name))) });
    try {
      await manager.delete(Schedule, of('schedule'));
      await manager.delete(WorkRules, of('rules'));
      await manager.delete(Shift, of('day', 'night'));
    } catch (error) {
      if (foreignKeyViolation(error) === null) throw error;
    }
  }
}

/** Rows that are there already stay as they are. */
async function add<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  rows: readonly object[],
): Promise<void> {
  await manager
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values(rows as never)
    .orIgnore()
    .execute();
}
