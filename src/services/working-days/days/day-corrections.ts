import { punchDates, type Person, type Punch } from '@rollcall/working-days';
import { In, type DataSource } from 'typeorm';
import type { Statements } from '../../../database/statements';
import type { AttendanceType } from '../../../entities/attendance.entity';
import { Correction } from '../../../entities/correction.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays, dateIn } from '../../dates/dates';
import type { EmployeeDay } from './employee-day';
import { readPerson } from './read-person';

/** Further from its date no punch counts: two days of a span, two of its session, and one of a night. */
const AROUND_DAYS = 5;
const EVER = { loadedFrom: -8.64e15, loadedUntil: 8.64e15 };

/** A change, and the punch that it adds or voids. */
interface Change {
  /** Its row id. */
  readonly id: string;
  readonly correctionId: string;
  /** null: it waives a break of this day. */
  readonly at: Date | null;
  readonly type: AttendanceType;
  /** The punch; null: it is not there, since nobody approved the change. */
  readonly punchId: string | null;
  readonly voided: boolean;
}

/** Which corrections concern a day: those of its punches, and of punches that would count to it. */
export class DayCorrections {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  /** Oldest first, whatever their status. */
  async of({ id, day }: EmployeeDay): Promise<Correction[]> {
    const { date, timeZone } = day;
    const changes = await this.dataSource.query<Change[]>(CHANGES, [
      ...[id, date, `${addDays(date, -AROUND_DAYS)}T00:00:00Z`, `${addDays(date, AROUND_DAYS)}T00:00:00Z`],
    ]);
    const counted = new Set([
      ...day.spans.flatMap(({ login, logout }) => [login, logout]),
      ...day.ignoredPunches,
    ]);
    const others = changes.filter(({ at, punchId, voided }) => at !== null && (punchId === null || voided));
    const person =
      others.length === 0 ? null : await readPerson(this.statements, id, { from: date, until: date });
    const ids = changes.flatMap((change) => {
      if (change.at === null || counted.has(change.punchId)) return change.correctionId;
      if (person === null || !others.includes(change)) return [];
      // A repeat counts for no day, and is shown on the date of its moment.
      return (dateWith(person, change, change.at) ?? dateIn(timeZone, change.at)) === date
        ? change.correctionId
        : [];
    });
    return this.dataSource
      .getRepository(Correction)
      .find({ where: { id: In(ids) }, order: { requestedAt: 'ASC', id: 'ASC' } });
  }
}

/** The date to which a punch would count if it were there, and not voided. */
function dateWith(person: Person, { id, punchId, type }: Change, at: Date): LocalDate | null {
  const punch: Punch = { id: punchId ?? id, type, at: at.getTime() };
  const punches = [...person.punches.filter((each) => each.id !== punch.id), punch];
  const dates = punchDates({ ...person, punches }, { ...EVER, first: punch.at, last: punch.at });
  return dates?.get(punch.id) ?? null;
}

const CHANGES = `SELECT c.id, c.correction_id AS "correctionId", coalesce(c.recorded_at, a.recorded_at) AS at,
    coalesce(c.type, a.type) AS type, a.id AS "punchId",
    EXISTS (SELECT FROM attendance_voids v WHERE v.attendance_id = a.id AND v.restored_at IS NULL) AS voided
  FROM corrections k JOIN correction_changes c ON c.correction_id = k.id
  LEFT JOIN attendances a ON a.id = c.attendance_id
  WHERE k.employee_id = $1 AND (c.waive_date = $2
    OR (coalesce(c.recorded_at, a.recorded_at) >= $3 AND coalesce(c.recorded_at, a.recorded_at) < $4))`;
