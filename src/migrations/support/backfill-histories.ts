import { localOf } from '@rollcall/time-zones';
import type { QueryRunner } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

const BATCH = 1000;
const NO_ID = '00000000-0000-0000-0000-000000000000';

interface EmployeeRow {
  readonly id: string;
  readonly office_id: string | null;
  readonly began: Date;
  readonly ended: Date | null;
  readonly zone: string;
}

/** The date in a zone. The database may not know every zone that Intl knows; neither must make the upgrade fail. */
function dateIn(zone: string, at: Date): string {
  try {
    return new Date(localOf(zone, at.getTime())).toISOString().slice(0, 10);
  } catch {
    return at.toISOString().slice(0, 10);
  }
}

/**
 * Employment begins with the registration or the first punch, whichever is earlier, and ends with the deactivation.
 * The office of today has been the office since ever.
 */
export async function backfillEmployment(runner: QueryRunner): Promise<void> {
  for (let after = NO_ID; ;) {
    const employees = (await runner.query(
      `SELECT e.id, e.office_id, coalesce(o.time_zone, 'UTC') AS zone,
         CASE WHEN e.active THEN NULL ELSE e.deactivated_at END AS ended,
         least(e.created_at, (SELECT min(a.recorded_at) FROM attendances a WHERE a.employee_id = e.id)) AS began
       FROM employees e LEFT JOIN offices o ON o.id = e.office_id WHERE e.id > $1 ORDER BY e.id LIMIT ${BATCH}`,
      [after],
    )) as EmployeeRow[];
    if (employees.length === 0) return;
    const ids = employees.map(({ id }) => id);
    const from = employees.map(({ zone, began }) => dateIn(zone, began));
    const until = employees.map(({ zone, ended }, i) => {
      const date = ended === null ? null : dateIn(zone, ended);
      return date !== null && date < (from[i] as string) ? (from[i] as string) : date;
    });
    await runner.query(
      `UPDATE employees e SET employed_from = b.began, employed_until = b.ended
       FROM unnest($1::uuid[], $2::date[], $3::date[]) AS b (id, began, ended) WHERE e.id = b.id`,
      [ids, from, until],
    );
    await runner.query(
      `INSERT INTO employee_offices (id, employee_id, office_id, valid_from, created_by, created_at)
       SELECT b.row_id, b.id, b.office, '-infinity', 'system', now()
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS b (row_id, id, office)`,
      [ids.map(() => uuidv7()), ids, employees.map(({ office_id: office }) => office)],
    );
    after = ids.at(-1) as string;
  }
}

/** The time zone of today has been the office's since ever. */
export async function backfillOffices(runner: QueryRunner): Promise<void> {
  const offices = (await runner.query('SELECT id, time_zone FROM offices')) as {
    readonly id: string;
    readonly time_zone: string;
  }[];
  await runner.query(
    `INSERT INTO office_zones (id, office_id, time_zone, valid_from, created_by, created_at)
     SELECT b.row_id, b.id, b.zone, '-infinity', 'system', now()
     FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS b (row_id, id, zone)`,
    [offices.map(() => uuidv7()), offices.map(({ id }) => id), offices.map(({ time_zone: zone }) => zone)],
  );
}
