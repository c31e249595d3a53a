import type { DataSource } from 'typeorm';
import type { DayReader } from '../days/day-reader';
import type { ReportOrder } from './report-order';
import { daysIn } from '../../dates/dates';
import type { ReportNames } from './report-person';
import type { PersonText } from './person-text';
import type { ReportThreads } from './report-threads';

/** Person-days that are in memory at once: 200 people and a month. */
const DAYS_AT_ONCE = 6200;
const MAX_PEOPLE_AT_ONCE = 200;
const MIN_PEOPLE_AT_ONCE = 10;

/** Reads who and what a report is about, in batches whose size is bounded whatever the range. */
export class ReportPeople {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reader: DayReader,
    private readonly threads: ReportThreads,
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

  /**
   * The parts of a report, in the order of names.
   * @returns with the moment for which their figures hold
   */
  async open(order: ReportOrder, names: ReportNames) {
    const { from, until, officeId, employees } = order;
    const filter = { officeId, ids: employees };
    const reading = await this.reader.open({ filter, from, until });
    const fitting = Math.floor(DAYS_AT_ONCE / daysIn(from, until));
    const size = Math.max(MIN_PEOPLE_AT_ONCE, Math.min(MAX_PEOPLE_AT_ONCE, fitting));
    const texts: AsyncIterable<readonly PersonText[]> = reading.each(
      (batch) => this.threads.write({ batch, order, names }),
      size,
    );
    return { at: reading.asOf, texts };
  }
}
