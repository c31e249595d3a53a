import { directionByPlan } from '@rollcall/working-days';
import { AttendanceType } from '../../../entities/attendance.entity';
import type { DayReader } from './day-reader';

const MINUTES_OF_HOUR = 60;

/** Decides by the plan what a punch without a direction is, if a LOGIN has been open for long. */
export class PlannedDirection {
  /** @param openLoginMaxHours how old a LOGIN may be that a LOGOUT closes, for people without work rules */
  constructor(
    private readonly reader: DayReader,
    private readonly openLoginMaxHours: number,
  ) {}

  /**
   * @param employeeId row id
   * @param login when the open LOGIN was made
   * @param made when this punch was made
   */
  async after(employeeId: string, login: Date, made: Date): Promise<AttendanceType> {
    const person = await this.reader.planOf(employeeId, login, made);
    if (person === null) return AttendanceType.LOGIN;
    const maxOpenMinutes = this.openLoginMaxHours * MINUTES_OF_HOUR;
    const open = { login: login.getTime(), now: made.getTime(), maxOpenMinutes };
    return AttendanceType[directionByPlan(person, open)];
  }
}
