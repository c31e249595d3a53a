import type { DerivedDay } from '@rollcall/working-days';
import type { DataSource } from 'typeorm';
import type { DayReader } from '../days/day-reader';
import type { ReportOrder } from './report-order';
import { daysIn } from '../../dates/dates';

/** A person of a report with their days. */
export interface ReportPerson {
  readonly id: string;
  readonly employeeId: string;
  readonly name: string;
  /** Today's. */
  readonly office: string | null;
  readonly days: readonly DerivedDay[];
}

/** What rows need besides days. */
export interface ReportNames {
  /** By id. */
  readonly offices: ReadonlyMap<string, string>;
  /** Codes of premiums that any assigned rules have, in order. */
  readonly premiums: readonly string[];
}

/** Person-days that are in memory at once: 200 people and a month. */
const DAYS_AT_ONCE = 6200;
const MAX_PEOPLE_AT_ONCE = 200;
const MIN_PEOPLE_AT_ONCE = 10;

/** Reads who and what a report is about, in batches whose size is bounded whatever the range. */
export class ReportPeople {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: DayReader,
  ) {}

  async names(): Promise<ReportNames> {
    const offices = await this.dataSource.query<{ id: string; name: string }[]>(
      'SELECT id, name FROM offices',
    );
    const codes = await this.dataSource.query<{ code: string }[]>(
      `SELECT DISTINCT p ->> 'code' AS code
       FROM work_rules_versions v CROSS JOIN jsonb_array_elements(v.fields -> 'premiums') p
       WHERE v.rules_id IN (SELECT rules_id FROM schedule_assignments) ORDER BY 1`,
    );
    return {
      offices: new Map(offices.map(({ id, name }) => [id, name])),
      premiums: codes.map(({ code }) => code),
    };
  }

  async *batches(
    { from, until, officeId, employees }: ReportOrder,
    offices: ReadonlyMap<string, string>,
  ): AsyncGenerator<readonly ReportPerson[]> {
    const filter = { officeId, ids: employees };
    const reading = await this.reader.open({ filter, from, until });
    const fitting = Math.floor(DAYS_AT_ONCE / daysIn(from, until));
    const size = Math.max(MIN_PEOPLE_AT_ONCE, Math.min(MAX_PEOPLE_AT_ONCE, fitting));
    for await (const batch of reading.batches(null, size)) {
      const people = await this.people(batch.map(({ id }) => id));
      yield batch.flatMap(({ id, days }) => {
        const person = people.get(id);
        if (person === undefined) return [];
        const { employee_id: employeeId, name, office_id: office } = person;
        return { id, employeeId, name, office: office === null ? null : (offices.get(office) ?? null), days };
      });
    }
  }

  /** The kinds of absences, by id. */
  async kinds(people: readonly ReportPerson[]): Promise<ReadonlyMap<string, string>> {
    const ids = new Set(
      people.flatMap(({ days }) => days.flatMap((day) => day.absences.map(({ id }) => id))),
    );
    if (ids.size === 0) return new Map();
    const rows = await this.dataSource.query<{ id: string; kind: string }[]>(
      'SELECT id, kind FROM absences WHERE id = ANY($1::uuid[])',
      [[...ids]],
    );
    return new Map(rows.map(({ id, kind }) => [id, kind]));
  }

  private async people(ids: readonly string[]) {
    const rows = await this.dataSource.query<
      { id: string; employee_id: string; name: string; office_id: string | null }[]
    >('SELECT id, employee_id, name, office_id FROM employees WHERE id = ANY($1::uuid[])', [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }
}
