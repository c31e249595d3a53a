import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import { addDays, daysIn } from '../../dates/dates';
import { MARGIN_DAYS } from '../days/margins';
import { factsSql } from '../days/facts-sql';

/** A punch whose working day is asked for. */
export interface DatedPunch {
  readonly id: string;
  /** Row id. */
  readonly employeeId: string;
  readonly recordedAt: Date;
}

/** Punches of one employee that are so near to each other that they are read together. */
export interface Stretch {
  readonly employeeId: string;
  readonly punches: readonly DatedPunch[];
  /** Dates of the first and the last of them, UTC. */
  readonly from: LocalDate;
  readonly until: LocalDate;
}

/** More days apart, what lies between is not read. */
const APART_DAYS = 7;
const MOST_DAYS = 92;

const dateOf = ({ recordedAt }: DatedPunch): LocalDate => recordedAt.toISOString().slice(0, 10);

/** Groups punches by employee and time. In any order; somebody who is asked about years apart is not read in between. */
export function stretchesOf(punches: readonly DatedPunch[]): Stretch[] {
  const sorted = [...punches].sort((a, b) =>
    a.employeeId === b.employeeId
      ? a.recordedAt.getTime() - b.recordedAt.getTime()
      : a.employeeId < b.employeeId
        ? -1
        : 1,
  );
  const stretches: { employeeId: string; punches: DatedPunch[]; from: LocalDate; until: LocalDate }[] = [];
  for (const punch of sorted) {
    const [date, last] = [dateOf(punch), stretches.at(-1)];
    if (
      last?.employeeId === punch.employeeId &&
      date <= addDays(last.until, APART_DAYS) &&
      daysIn(last.from, date) <= MOST_DAYS
    ) {
      last.punches.push(punch);
      last.until = date;
    } else stretches.push({ employeeId: punch.employeeId, punches: [punch], from: date, until: date });
  }
  return stretches;
}

/**
 * What the days of each stretch are made of, as `parsePerson` reads it, in one statement.
 * @param margin days before and after a stretch of which punches are read
 * @returns in the order of the stretches; null: the employee is gone
 */
export async function readStretches(
  statements: Statements,
  stretches: readonly Stretch[],
  margin: number,
): Promise<(string | null)[]> {
  const rows = await statements.run<{ place: number; facts: string }>('working-days-stretches', STRETCHES, [
    stretches.map(({ employeeId }) => employeeId),
    stretches.map(({ from }) => from),
    stretches.map(({ until }) => until),
    margin + MARGIN_DAYS,
    margin,
  ]);
  const facts = new Map(rows.map((row) => [row.place, row.facts]));
  return stretches.map((_, i) => facts.get(i + 1) ?? null);
}

const FACTS = factsSql({
  ...{ from: '(s.first - $4::int)', until: '(s.last + $4::int)' },
  ...{ punchesFrom: '(s.first - $5::int)', punchesUntil: '(s.last + $5::int)' },
});

const STRETCHES = `SELECT s.place::int AS place, ${FACTS} AS facts
  FROM unnest($1::uuid[], $2::date[], $3::date[]) WITH ORDINALITY AS s (employee, first, last, place)
  JOIN employees e ON e.id = s.employee`;
