import type { Statements } from '../../../database/statements';
import type { LocalDate } from '../../../entities/local-scalars';
import type { ReadRange } from './calendar-rows';
import { NAME_ORDER } from '../../../database/name-order';
import { factsSql, utc } from './facts-sql';

/** How many people are read and derived at once. */
export const BATCH = 200;

/** A person's facts as the JSON text that `parsePerson` reads. */
export interface PersonRow {
  /** Row id. */
  readonly id: string;
  /** By which people are sorted, then by id. */
  readonly sortKey: string;
  /** The company's own id. */
  readonly employeeId: string;
  /** Today's. */
  readonly officeId: string | null;
  readonly facts: string;
}

/** Whom a list is about. */
export interface PeopleFilter {
  /** Only people who had this office on one of the dates. */
  readonly officeId?: string | null;
  /** Row ids; null: everybody employed on one of the dates, or with a punch on one of them. */
  readonly ids?: readonly string[] | null;
}

/** Dates of which punches and plans are read. */
interface PersonRange extends ReadRange {
  /** Punches from the beginning of this date, UTC. */
  readonly punchesFrom: LocalDate;
  /** Punches to the end of this date, UTC. */
  readonly punchesUntil: LocalDate;
}

interface PeopleOrder {
  readonly filter: PeopleFilter;
  /** The dates of the list. */
  readonly dates: ReadRange;
  readonly range: PersonRange;
  /** The last person of the batch before; null: the first batch. */
  readonly after: Pick<PersonRow, 'sortKey' | 'id'> | null;
  readonly limit: number;
}

/** People in the order of their names with all that their days are made of, in one statement. */
export function readPeople(statements: Statements, order: PeopleOrder): Promise<PersonRow[]> {
  const { filter, dates, range, after, limit } = order;
  const read = [range.from, range.until, range.punchesFrom, range.punchesUntil];
  const { ids, officeId = null } = filter;
  // A separate statement: with one for both, the database would scan all employees to find one.
  if (ids != null) {
    const values = [...read, after?.sortKey ?? null, after?.id ?? null, limit, ids];
    return statements.run<PersonRow>('working-days-people-by-id', BY_ID, values);
  }
  const page = [...read, after?.sortKey ?? null, after?.id ?? null, limit];
  const values = [...page, dates.from, dates.until, officeId];
  return statements.run<PersonRow>('working-days-people', EVERYBODY, values);
}

/** How many people a list is about. */
export async function countPeople(
  statements: Statements,
  { ids, officeId = null }: PeopleFilter,
  { from, until }: ReadRange,
): Promise<number> {
  if (ids != null) return ids.length;
  const rows = await statements.run<{ count: number }>('working-days-count', COUNT, [from, until, officeId]);
  return rows[0]?.count ?? 0;
}

/**
 * Who was employed on one of the dates or punched on one, and had the office on one. Numbers of the parameters.
 * LIMIT makes the database look for a punch of the one person; for EXISTS it reads everybody's punches of the range.
 */
const employed = (from: string, until: string, office: string): string => `
  ((e.employed_from <= ${until}::date AND (e.employed_until IS NULL OR e.employed_until >= ${from}::date))
    OR (SELECT true FROM attendances p WHERE p.employee_id = e.id
      AND p.recorded_at >= ${utc(`${from}::date`)} AND p.recorded_at < ${utc(`${until}::date + 1`)} LIMIT 1))
  AND (${office}::uuid IS NULL OR EXISTS (SELECT FROM employee_offices h
    WHERE h.employee_id = e.id AND h.office_id = ${office}::uuid AND h.valid_from <= ${until}::date
      AND NOT EXISTS (SELECT FROM employee_offices n WHERE n.employee_id = h.employee_id
        AND n.valid_from > h.valid_from AND n.valid_from <= ${from}::date)))`;

const COUNT = `SELECT count(*)::int AS count FROM employees e WHERE ${employed('$1', '$2', '$3')}`;

const NAME = `e.name ${NAME_ORDER}`;

const FACTS = factsSql({
  ...{ from: '$1::date', until: '$2::date', punchesFrom: '$3::date', punchesUntil: '$4::date' },
});

/** @param where which employees e */
const peopleSql = (where: string): string => `
  SELECT e.id, e.name AS "sortKey", e.employee_id AS "employeeId", e.office_id AS "officeId", ${FACTS} AS facts
  FROM (SELECT * FROM employees e WHERE ${where}
      AND ($5::text IS NULL OR (${NAME}, e.id) > ($5::text ${NAME_ORDER}, $6::uuid))
    ORDER BY ${NAME}, e.id LIMIT $7::int) e
  ORDER BY ${NAME}, e.id`;

const BY_ID = peopleSql('e.id = ANY($8::uuid[])');
const EVERYBODY = peopleSql(employed('$8', '$9', '$10'));
