import { createHash } from 'node:crypto';
import {
  deriveDays,
  fingerprintOf,
  type BreakWaiver,
  type DerivedDay,
  type Person,
} from '@rollcall/working-days';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Statements } from '../../../database/statements';
import { CorrectionKind } from '../../../entities/correction-change.entity';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays } from '../../dates/dates';
import { readPerson } from '../../working-days/days/read-person';
import type { PlannedChange } from './correction-order';

/** A day without and with a correction. */
export interface PreviewedDay {
  readonly date: LocalDate;
  readonly before: DerivedDay;
  readonly after: DerivedDay;
}

/** What a correction does. */
export interface CorrectionPreview {
  /** Those days that it changes, in order. */
  readonly days: readonly PreviewedDay[];
  /** SHA-256 of the punches of the days around its changes, without it; hexadecimal. */
  readonly basis: string;
  /** The state of the employee's punches that it was made of, see `punchState`. */
  readonly state: string;
  readonly at: Date;
}

/** Days before and after a punch to whose working day it may belong. */
const MARGIN_DAYS = 2;
/** Minutes of a day can make overtime of later days, to the end of its week. */
const WEEK_DAYS = 6;

interface PreviewOrder {
  /** The employee's row id. */
  readonly employeeId: string;
  readonly changes: readonly PlannedChange[];
  /** The correction, if its changes are made already. */
  readonly made: string | null;
}

/** Derives days without and with a correction, before anything is written. */
export class CorrectionPreviews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
    private readonly now: () => Date,
  ) {}

  async of({ employeeId, changes, made }: PreviewOrder): Promise<CorrectionPreview> {
    const at = this.now();
    const { manager } = this.dataSource;
    const state = await punchState(manager, employeeId);
    const dates = await this.datesOf(changes);
    const from = addDays(dates[0] as LocalDate, -MARGIN_DAYS);
    const until = addDays(dates.at(-1) as LocalDate, MARGIN_DAYS + WEEK_DAYS);
    const person = await readPerson(this.statements, employeeId, { from, until });
    const [without, withIt] =
      made === null ? [person, changed(person, changes)] : [unmade(person, changes), person];
    const query = { from, until, asOf: at.getTime(), steps: true };
    const before = deriveDays(without, query);
    const after = deriveDays(withIt, query);
    const days = before.flatMap((day, i) => {
      const other = after[i] as DerivedDay;
      return fingerprintOf(day) === fingerprintOf(other)
        ? []
        : [{ date: day.date, before: day, after: other }];
    });
    // Work on later days of the week is no other state of the days that were asked about.
    const last = addDays(dates.at(-1) as LocalDate, MARGIN_DAYS);
    return { days, basis: basisOf(days.filter(({ date }) => date <= last)), state, at };
  }

  /** UTC dates of the changes, in order. */
  private async datesOf(changes: readonly PlannedChange[]): Promise<LocalDate[]> {
    const ids = changes.flatMap(({ kind, attendanceId }) =>
      kind === CorrectionKind.VOID ? [attendanceId] : [],
    );
    const voided = await this.dataSource.query<{ at: Date }[]>(
      'SELECT recorded_at AS at FROM attendances WHERE id = ANY($1::uuid[])',
      [ids],
    );
    const added = changes.flatMap(({ recordedAt }) => recordedAt ?? []);
    const instants = [...voided.map(({ at }) => at), ...added].map((at) => at.toISOString().slice(0, 10));
    const dates = [...instants, ...changes.flatMap(({ waiveDate }) => waiveDate ?? [])].sort();
    // An erasure deleted every punch that the request would void.
    return dates.length === 0 ? [this.now().toISOString().slice(0, 10)] : dates;
  }
}

/**
 * Changes whenever a punch of the employee comes, is voided or counts again. It is compared in the transaction that
 * writes, since days cannot be derived there: the embedded database has one connection.
 */
export async function punchState(manager: EntityManager, employeeId: string): Promise<string> {
  const [row] = await manager.query<{ state: string }[]>(
    `SELECT concat_ws(' ', max(a.sequence), count(v.id), count(v.restored_at)) AS state
     FROM attendances a LEFT JOIN attendance_voids v ON v.attendance_id = a.id WHERE a.employee_id = $1`,
    [employeeId],
  );
  return row?.state ?? '';
}

/** The person as the changes would make them. */
function changed(person: Person, changes: readonly PlannedChange[]): Person {
  const voided = new Set(
    changes.flatMap(({ kind, attendanceId }) => (kind === CorrectionKind.VOID ? [attendanceId] : [])),
  );
  const added = changes.flatMap(({ type, recordedAt }) =>
    type === null || recordedAt === null
      ? []
      : [{ id: uuidv7(), type, at: recordedAt.getTime(), manual: true, corrected: true }],
  );
  const waived = changes.flatMap(({ waiveDate, waiveMinutes }) =>
    waiveDate === null ? [] : [{ date: waiveDate, minutes: waiveMinutes ?? 0 }],
  );
  return {
    ...person,
    punches: [
      ...person.punches.map((punch) => (voided.has(punch.id) ? { ...punch, voided: true } : punch)),
      ...added,
    ],
    waivers: [...person.waivers, ...waived],
  };
}

/** The person as they would be had the changes not been made. */
function unmade(person: Person, changes: readonly PlannedChange[]): Person {
  const of = (kind: CorrectionKind) =>
    new Set(changes.flatMap((change) => (change.kind === kind ? [change.attendanceId] : [])));
  const [voided, added] = [of(CorrectionKind.VOID), of(CorrectionKind.ADD)];
  // Another correction can take back as many minutes of the same day: that one stays.
  const waived = changes.filter(({ waiveDate }) => waiveDate !== null);
  const isWaived = ({ date, minutes }: BreakWaiver): boolean => {
    const at = waived.findIndex(
      ({ waiveDate, waiveMinutes }) => waiveDate === date && waiveMinutes === minutes,
    );
    if (at >= 0) waived.splice(at, 1);
    return at >= 0;
  };
  return {
    ...person,
    punches: person.punches
      .filter(({ id }) => !added.has(id))
      .map((punch) => (voided.has(punch.id) ? { ...punch, voided: false } : punch)),
    waivers: person.waivers.filter((waiver) => !isWaived(waiver)),
  };
}

/** Of which punches the days are made, without the correction. */
function basisOf(days: readonly PreviewedDay[]): string {
  const punches = days.map(({ date, before: { spans, ignoredPunches } }) => [
    date,
    spans.map(({ login, logout }) => [login, logout]),
    [...ignoredPunches].sort(),
  ]);
  return createHash('sha256').update(JSON.stringify(punches)).digest('hex');
}
