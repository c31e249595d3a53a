import { directionByPlan } from '@rollcall/working-days';
import { AttendanceType } from '../../../entities/attendance.entity';
import type { DayReader } from './day-reader';

const MINUTES_OF_HOUR = 60;
/** The plan is only asked about a LOGIN that has been open for longer: most people leave within a shift. */
const UNPLANNED_MS = 4 * 3_600_000;

/** Decides by the plan what a punch without a direction is, if a LOGIN has been open for long. */
export class PlannedDirection {
  /** @param openLoginMaxHours how old a LOGIN may be that a LOGOUT closes, for people without work rules */
  constructor(
    private readonly reader: DayReader,
    private readonly openLoginMaxHours: number,
  ) {}

  /**
   * @param employeeId row id
   * @param last the employee's latest punch
   * @param made when this punch was made
   * @returns null: the plan is not asked
   */
  async after(
    employeeId: string,
    last: { readonly type: AttendanceType; readonly recordedAt: Date } | undefined,
    made: Date,
  ): Promise<AttendanceType | null> {
    if (last?.type !== AttendanceType.LOGIN) return null;
    const login = last.recordedAt;
    if (made.getTime() - login.getTime() <= UNPLANNED_MS) return null;
    const person = await this.reader.planOf(employeeId, login, made);
    if (person === null) return AttendanceType.LOGIN;
    const maxOpenMinutes = this.openLoginMaxHours * MINUTES_OF_HOUR;
    const open = { login: login.getTime(), now: made.getTime(), maxOpenMinutes };
    return AttendanceType[directionByPlan(person, open)];
  }
}
