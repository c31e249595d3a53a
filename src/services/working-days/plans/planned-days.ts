import type { LocalDate } from '../../../entities/local-scalars';
import { badInput } from '../../../errors';
import { checkRange } from '../../dates/dates';
import type { DayReader } from '../days/day-reader';
import type { EmployeeDay } from '../days/employee-day';
import type { PeopleFinder } from '../days/people-finder';

const MAX_EMPLOYEES = 50;
const MAX_DAYS = 62;

/** What is planned for people, whatever they punched. */
export class PlannedDays {
  constructor(
    private readonly reader: DayReader,
    private readonly people: PeopleFinder,
  ) {}

  /**
   * By employee in the order of their names, then by date.
   * @param employeeIds the company's own ids
   * @throws RollcallError BAD_USER_INPUT (employeeIds, until); NOT_FOUND
   */
  async of(employeeIds: readonly string[], from: LocalDate, until: LocalDate): Promise<EmployeeDay[]> {
    if (employeeIds.length < 1 || employeeIds.length > MAX_EMPLOYEES) {
      throw badInput('employeeIds', `must have 1 to ${MAX_EMPLOYEES} entries`);
    }
    checkRange(from, until, MAX_DAYS);
    return this.read((await this.people.filter({ employeeIds })).ids ?? [], from, until);
  }

  /** In the order of the days. @param days with the row ids of employees */
  async on(days: readonly { readonly id: string; readonly date: LocalDate }[]): Promise<EmployeeDay[]> {
    const found = new Map<string, EmployeeDay>();
    for (const date of new Set(days.map((day) => day.date))) {
      const ids = days.filter((day) => day.date === date).map(({ id }) => id);
      for (const planned of await this.read(ids, date, date)) found.set(`${planned.id} ${date}`, planned);
    }
    return days.flatMap(({ id, date }) => found.get(`${id} ${date}`) ?? []);
  }

  private async read(ids: readonly string[], from: LocalDate, until: LocalDate): Promise<EmployeeDay[]> {
    const reading = await this.reader.open({ filter: { ids }, from, until });
    const all: EmployeeDay[] = [];
    for await (const people of reading.batches()) {
      for (const { id, days } of people) {
        for (const day of days) all.push({ id, day, derivedAt: reading.asOf });
      }
    }
    return all;
  }
}
