import type { QueryRunner } from 'typeorm';
import { folded } from '../../services/text/folded';

const BATCH = 1000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Makes the keys of every employee. */
export async function nameEmployees(runner: QueryRunner): Promise<void> {
  await eachBatch<{ id: string; name: string; employee_id: string }>(
    runner,
    'SELECT id, name, employee_id FROM employees WHERE id > $1 ORDER BY id',
    (rows) =>
      runner.query(
        `UPDATE employees e SET name_key = k.name_key, employee_id_key = k.id_key
         FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (id, name_key, id_key) WHERE e.id = k.id`,
        [
          rows.map(({ id }) => id),
          rows.map(({ name }) => folded(name)),
          rows.map(({ employee_id: employeeId }) => folded(employeeId)),
        ],
      ),
  );
}

/** Makes the keys of the employeeIds that review items claim. */
export async function nameClaims(runner: QueryRunner): Promise<void> {
  await eachBatch<{ id: string; claimed: string }>(
    runner,
    `SELECT id, claimed_employee_id AS claimed FROM review_items
     WHERE claimed_employee_id IS NOT NULL AND id > $1 ORDER BY id`,
    (rows) =>
      runner.query(
        `UPDATE review_items r SET claimed_key = left(k.key, 64)
         FROM unnest($1::uuid[], $2::text[]) AS k (id, key) WHERE r.id = k.id`,
        [rows.map(({ id }) => id), rows.map(({ claimed }) => folded(claimed))],
      ),
  );
}

async function eachBatch<Row extends { readonly id: string }>(
  runner: QueryRunner,
  select: string,
  write: (rows: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  let after = FIRST;
  for (;;) {
    const rows = (await runner.query(`${select} LIMIT ${BATCH}`, [after])) as Row[];
    const last = rows.at(-1);
    if (last === undefined) return;
    await write(rows);
    after = last.id;
  }
}
