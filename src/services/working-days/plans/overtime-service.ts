import { fingerprintOf } from '@rollcall/working-days';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { LocalDate } from '../../../entities/local-scalars';
import { OvertimeDecision } from '../../../entities/overtime-decision.entity';
import { badInput, conflict } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { lockPerson } from '../../employees/lock-person';
import type { EmployeeDay } from '../days/employee-day';
import type { PeopleFinder } from '../days/people-finder';
import type { Timesheets } from '../days/timesheets';

interface OvertimeOrder {
  /** The company's own id. */
  readonly employeeId: string;
  readonly date: LocalDate;
  readonly approvedMinutes: number;
  /** Of the day that was looked at. */
  readonly fingerprint: string;
  readonly note?: string | null | undefined;
}

/** How much overtime of a day counts. A later decision replaces an earlier one. */
export class OvertimeService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly timesheets: Timesheets,
    private readonly people: PeopleFinder,
    private readonly now: () => Date,
  ) {}

  /**
   * @throws RollcallError NOT_FOUND (employeeId); BAD_USER_INPUT (approvedMinutes); CONFLICT (STALE) if the day is no longer
   *   the one that was looked at
   */
  async decide(order: OvertimeOrder, by: Actor): Promise<EmployeeDay> {
    const { date, approvedMinutes, note = null } = order;
    const id = await this.people.find(order.employeeId);
    const { day } = await this.timesheets.day(id, date);
    const fingerprint = fingerprintOf(day);
    if (fingerprint !== order.fingerprint) {
      throw conflict('fingerprint', 'The day has changed since; look at it again', 'STALE');
    }
    const most = overtimeOf(day.figures.classes);
    if (!(approvedMinutes >= 0 && approvedMinutes <= most)) {
      throw badInput('approvedMinutes', `must be 0 to ${most}, the overtime of the day`);
    }
    await this.dataSource.transaction(async (manager) => {
      const { id: employeeId } = await lockPerson(manager, order.employeeId);
      const at = this.now();
      const values = { approvedMinutes, fingerprint, note, decidedBy: by.caller, decidedAt: at };
      await manager.upsert(OvertimeDecision, { id: uuidv7(), employeeId, date, ...values }, [
        'employeeId',
        'date',
      ]);
      const details = { date, approvedMinutes, overtimeMinutes: most };
      await recordAudit(manager, { ...by, action: 'overtime.decide', employeeId, details, at });
    });
    return this.timesheets.day(id, date);
  }
}

const overtimeOf = (classes: Readonly<Record<string, number | undefined>>): number =>
  Object.entries(classes).reduce(
    (sum, [name, minutes]) => sum + (name === 'REGULAR' ? 0 : (minutes ?? 0)),
    0,
  );
