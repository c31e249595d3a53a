import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { LocalDate } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudits } from '../../audit/audit-log';
import { lockPersons } from '../lock-persons';
import { requireShifts } from './shift-service';
import { folded } from '../../text/folded';

export interface DayPlanOrder {
  /** The company's own id. */
  readonly employeeId: string;
  readonly date: LocalDate;
  /** null: a day off. */
  readonly shiftId?: string | null | undefined;
  /** Required, unless a day is reset. */
  readonly reason?: string | null | undefined;
}

const MAX_PLANS = 500;

/** Single days that differ from the schedule: swaps, and other days off. */
export class DayPlanService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /**
   * Sets days, or takes what was set back; all or none.
   * @param reset takes back what was set for these days: the schedule holds again
   * @returns the row id of each employee, by the company's own id as it is compared
   * @throws RollcallError BAD_USER_INPUT; NOT_FOUND (employeeId, shiftId); CONFLICT (shiftId)
   */
  set(plans: readonly DayPlanOrder[], reset: boolean, by: Actor): Promise<ReadonlyMap<string, string>> {
    if (plans.length < 1 || plans.length > MAX_PLANS)
      throw badInput('plans', `must have 1 to ${MAX_PLANS} entries`);
    const keys = new Set(plans.map(({ employeeId, date }) => `${folded(employeeId)} ${date}`));
    if (keys.size < plans.length) throw badInput('plans', 'must not have a day of an employee twice');
    if (!reset && plans.some(({ reason }) => reason == null)) throw badInput('reason', 'is required');
    if (reset && plans.some(({ shiftId }) => shiftId != null))
      throw badInput('shiftId', 'must be omitted with reset');
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      const persons = await lockPersons(
        manager,
        plans.map(({ employeeId }) => employeeId),
      );
      const rowOf = ({ employeeId }: DayPlanOrder): string => persons.get(folded(employeeId)) as string;
      if (reset) await remove(manager, plans, rowOf);
      else await write(manager, plans, rowOf, { by, at });
      await recordAudits(
        manager,
        plans.map((plan) => ({
          ...by,
          action: 'plan.days' as const,
          employeeId: rowOf(plan),
          details: { date: plan.date, shiftId: plan.shiftId ?? null, reset },
          at,
        })),
      );
      return persons;
    });
  }
}

type RowOf = (plan: DayPlanOrder) => string;

async function remove(manager: EntityManager, plans: readonly DayPlanOrder[], rowOf: RowOf): Promise<void> {
  await manager.query(
    `DELETE FROM day_plans d USING unnest($1::uuid[], $2::date[]) AS p (employee_id, date)
     WHERE d.employee_id = p.employee_id AND d.date = p.date`,
    [plans.map(rowOf), plans.map(({ date }) => date)],
  );
}

async function write(
  manager: EntityManager,
  plans: readonly DayPlanOrder[],
  rowOf: RowOf,
  { by, at }: { by: Actor; at: Date },
): Promise<void> {
  await requireShifts(
    manager,
    plans.flatMap(({ shiftId }) => shiftId ?? []),
  );
  await manager.query(
    `INSERT INTO day_plans (id, employee_id, date, shift_id, reason, created_by, created_at)
     SELECT p.*, $6, $7 FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::text[]) AS p
     ON CONFLICT (employee_id, date) DO UPDATE SET shift_id = excluded.shift_id, reason = excluded.reason,
       created_by = excluded.created_by, created_at = excluded.created_at`,
    [
      ...[plans.map(() => uuidv7()), plans.map(rowOf), plans.map(({ date }) => date)],
      ...[plans.map(({ shiftId }) => shiftId ?? null), plans.map(({ reason }) => reason)],
      ...[by.caller, at],
    ],
  );
}
