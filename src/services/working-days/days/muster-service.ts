import { DEFAULT_RULES, type Rules } from '@rollcall/working-days';
import type { Statements } from '../../../database/statements';
import { localOf } from '@rollcall/time-zones';
import type { Office } from '../../../entities/office.entity';
import type { OfficeService } from '../../offices/office-service';
import type { DayReader } from './day-reader';
import { NAME_ORDER } from '../../../database/name-order';
import { notVoidedSql } from '../../voids/not-voided';

const MINUTE_MS = 60_000;

/** Somebody whose last punch is a LOGIN for the office. */
export interface MusterEntry {
  /** The employee's row id. */
  readonly employeeId: string;
  /** The LOGIN's row id. */
  readonly punchId: string;
  readonly since: Date;
  /** Their own office is another. */
  readonly visitor: boolean;
}

/** Somebody's newest punch. */
interface NewestPunch extends MusterEntry {
  readonly canPunch: boolean;
  /** Recorded as it was made: neither by hand nor offline. It is a LOGIN for the office then. */
  readonly checked: boolean;
}

type LastPunch = Pick<MusterEntry, 'employeeId' | 'punchId'>;

export interface Muster {
  readonly office: Office;
  readonly at: Date;
  readonly inside: readonly MusterEntry[];
  /** The LOGIN is so old that they may have forgotten to log out. */
  readonly unsure: readonly MusterEntry[];
}

/** Who is in the building: the list for a fire. */
export class MusterService {
  constructor(
    private readonly statements: Statements,
    private readonly offices: OfficeService,
    private readonly reader: DayReader,
    private readonly now: () => Date,
  ) {}

  /** @throws RollcallError NOT_FOUND (officeId) */
  async of(officeId: string): Promise<Muster> {
    const office = await this.offices.get(officeId, 'officeId');
    const at = this.now();
    const offset = localOf(office.timeZone, at.getTime()) - at.getTime();
    const all = await this.statements.run<{ minutes: number }>('muster-spans', SPANS, []);
    const limits = [DEFAULT_RULES.maxSpanMinutes, ...all.map(({ minutes }) => minutes)];
    const [least, most] = [Math.min(...limits), Math.max(...limits)];
    const values = [office.id, at, offset, new Date(at.getTime() - most * MINUTE_MS)];
    const newest = await this.statements.run<NewestPunch>('muster', NEWEST_PUNCHES, values);
    const rows = await this.withoutTies(newest, office.id);
    const [inside, unsure]: [MusterEntry[], MusterEntry[]] = [[], []];
    for (const row of rows) {
      const age = minutes(at) - minutes(row.since);
      // The rules of a person are read only where they matter.
      const isInside = age <= least || (age <= most && age <= (await this.longestSpan(row)));
      if (isInside) inside.push(row);
      // Somebody who left the company without a LOGOUT would always be unsure.
      else if (row.canPunch) unsure.push(row);
    }
    return { office, at, inside, unsure };
  }

  /** @returns those whose last punch is a LOGIN for the office */
  private async withoutTies(
    newest: readonly NewestPunch[],
    officeId: string,
  ): Promise<readonly NewestPunch[]> {
    const unsettled = newest.filter(({ checked }) => !checked);
    if (unsettled.length === 0) return newest;
    const last = await this.statements.run<LastPunch>('muster-ties', LAST_OF_INSTANT, [
      officeId,
      unsettled.map(({ employeeId }) => employeeId),
      unsettled.map(({ since }) => since),
    ]);
    const punches = new Map(last.map(({ employeeId, punchId }) => [employeeId, punchId]));
    return newest.flatMap((row) => {
      const punchId = row.checked ? row.punchId : punches.get(row.employeeId);
      return punchId === undefined ? [] : { ...row, punchId };
    });
  }

  private async longestSpan({ employeeId, since }: MusterEntry): Promise<number> {
    const rules: Rules = await this.reader.rulesAt(employeeId, since);
    return rules.maxSpanMinutes;
  }
}

const minutes = (at: Date): number => Math.floor(at.getTime() / MINUTE_MS);

const SPANS = `SELECT DISTINCT (fields->>'maxSpanMinutes')::int AS minutes FROM work_rules_versions`;

/**
 * The newest punch of everybody, by name, if it is a LOGIN for the office, or was added by hand or saved offline: such a punch can
 * have the instant of another one. Of people who were deactivated since $4 as well.
 */
const NEWEST_PUNCHES = `
  SELECT e.id AS "employeeId", newest.id AS "punchId", newest.recorded_at AS since, e.active AS "canPunch",
    newest.checked,
    coalesce((SELECT h.office_id FROM employee_offices h WHERE h.employee_id = e.id
      AND h.valid_from <= (newest.recorded_at AT TIME ZONE 'UTC' + $3::float8 * interval '1 millisecond')::date
      ORDER BY h.valid_from DESC LIMIT 1), e.office_id) IS DISTINCT FROM $1::uuid AS visitor
  FROM employees e CROSS JOIN LATERAL (
    SELECT a.id, a.recorded_at, a.type = 'LOGIN' AND a.office_id = $1::uuid AS is_inside,
      a.manual_reason IS NULL AND a.captured_at IS NULL AS checked
    FROM attendances a WHERE a.employee_id = e.id AND a.recorded_at <= $2 AND ${notVoidedSql('a')}
    ORDER BY a.recorded_at DESC, a.id DESC LIMIT 1) newest
  WHERE (newest.is_inside OR NOT newest.checked) AND e.erased_at IS NULL AND (e.active OR e.deactivated_at >= $4)
  ORDER BY e.name ${NAME_ORDER}, e.id`;

/**
 * The last punches at these instants, if they are a LOGIN for the office. Two of one instant follow each other as in keptPunches
 * of packages/working-days: the last one has the direction of the punch before them.
 */
const LAST_OF_INSTANT = `
  SELECT * FROM (
    SELECT DISTINCT ON (a.employee_id) a.employee_id AS "employeeId", a.id AS "punchId",
      a.type = 'LOGIN' AND a.office_id = $1::uuid AS "isInside"
    FROM unnest($2::uuid[], $3::timestamptz[]) AS n (employee_id, at)
    JOIN attendances a ON a.employee_id = n.employee_id AND a.recorded_at = n.at
    WHERE ${notVoidedSql('a')}
    ORDER BY a.employee_id, a.type = coalesce((SELECT b.type FROM attendances b
      WHERE b.employee_id = n.employee_id AND b.recorded_at < n.at AND ${notVoidedSql('b')}
      ORDER BY b.recorded_at DESC, b.id DESC LIMIT 1), 'LOGOUT') DESC, a.id DESC) last
  WHERE "isInside"`;
