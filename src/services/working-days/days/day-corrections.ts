import { punchDates, type Person, type Punch } from '@rollcall/working-days';
import { In, type DataSource } from 'typeorm';
import type { Statements } from '../../../database/statements';
import type { AttendanceType } from '../../../entities/attendance.entity';
import { CorrectionKind } from '../../../entities/correction-change.entity';
import { Correction } from '../../../entities/correction.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays, dateIn } from '../../dates/dates';
import type { EmployeeDay } from './employee-day';
import { AROUND_DAYS } from './margins';
import { readPerson } from './read-person';

const EVER = { loadedFrom: -8.64e15, loadedUntil: 8.64e15 };

/** A change of a correction, and the punch that it adds or voids. */
interface Change {
  /** Its row id. */
  readonly id: string;
  readonly correctionId: string;
  readonly kind: CorrectionKind;
  readonly waiveDate: LocalDate | null;
  /** null: it waives a break. */
  readonly at: Date | null;
  readonly type: AttendanceType;
  /** The punch; null: it is not there, since nobody approved the change. */
  readonly punchId: string | null;
  readonly voided: boolean;
}

/** A change with a punch that does not count: it was voided, or waits to be added. */
type OpenChange = Change & { readonly at: Date };

/** Which corrections concern a day: those of its punches, and of punches that would count to it. */
export class DayCorrections {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  /** Oldest first, whatever their status. */
  async of({ id, day }: EmployeeDay): Promise<Correction[]> {
    const { date, timeZone } = day;
    const around = [-AROUND_DAYS, AROUND_DAYS].map((days) => `${addDays(date, days)}T00:00:00Z`);
    const changes = await this.dataSource.query<Change[]>(CHANGES, [id, date, ...around]);
    if (changes.length === 0) return [];
    const counted = new Set([
      ...day.spans.flatMap(({ login, logout }) => [login, logout]),
      ...day.ignoredPunches,
    ]);
    const ids = new Set<string>();
    for (const { correctionId, waiveDate, punchId } of changes) {
      if (waiveDate === date || (punchId !== null && counted.has(punchId))) ids.add(correctionId);
    }
    const open = changes.filter(
      (change): change is OpenChange => isOpen(change) && !ids.has(change.correctionId),
    );
    if (open.length > 0) {
      const person = await readPerson(this.statements, id, { from: date, until: date });
      for (const correctionId of new Set(open.map((change) => change.correctionId))) {
        const its = open.filter((change) => change.correctionId === correctionId);
        const dates = datesOf(person, its);
        // A repeat counts for no day, and is shown on the date of its moment.
        const concerns = ({ id: change, at }: OpenChange): boolean =>
          (dates.get(change) ?? dateIn(timeZone, at)) === date;
        if (its.some(concerns)) ids.add(correctionId);
      }
    }
    if (ids.size === 0) return [];
    return this.dataSource
      .getRepository(Correction)
      .find({ where: { id: In([...ids]) }, order: { requestedAt: 'ASC', id: 'ASC' } });
  }
}

const isOpen = ({ at, punchId, voided }: Change): boolean => at !== null && (punchId === null || voided);

/**
 * To which dates the punches of one correction would count: those that it voids if it had not been made, those that it adds if
 * it were made.
 * @returns by the change's id
 */
function datesOf(person: Person, changes: readonly OpenChange[]): Map<string, LocalDate> {
  const punchOf = ({ id, punchId, type, at }: OpenChange): Punch => ({
    id: punchId ?? id,
    type,
    at: at.getTime(),
  });
  const own = new Set(changes.map((change) => punchOf(change).id));
  const others = person.punches.filter(({ id }) => !own.has(id));
  const found = new Map<string, LocalDate>();
  for (const kind of [CorrectionKind.VOID, CorrectionKind.ADD]) {
    const counting = changes.filter((change) => change.kind === kind);
    const punches = counting.map(punchOf);
    const times = punches.map(({ at }) => at);
    const moments = { ...EVER, first: Math.min(...times), last: Math.max(...times) };
    const dates =
      punches.length === 0 ? null : punchDates({ ...person, punches: [...others, ...punches] }, moments);
    for (const change of counting) {
      const date = dates?.get(punchOf(change).id);
      if (date !== undefined) found.set(change.id, date);
    }
  }
  return found;
}

/** All changes of the corrections that have one near the day. */
const CHANGES = `SELECT c.id, c.correction_id AS "correctionId", c.kind, c.waive_date::text AS "waiveDate",
    coalesce(c.recorded_at, a.recorded_at) AS at, coalesce(c.type, a.type) AS type, a.id AS "punchId",
    EXISTS (SELECT FROM attendance_voids v WHERE v.attendance_id = a.id AND v.restored_at IS NULL) AS voided
  FROM correction_changes c LEFT JOIN attendances a ON a.id = c.attendance_id
  WHERE c.correction_id IN (SELECT k.id FROM corrections k
    JOIN correction_changes n ON n.correction_id = k.id LEFT JOIN attendances b ON b.id = n.attendance_id
    WHERE k.employee_id = $1 AND (n.waive_date = $2
      OR (coalesce(n.recorded_at, b.recorded_at) >= $3 AND coalesce(n.recorded_at, b.recorded_at) < $4)))`;
