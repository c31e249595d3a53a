import type { QueryRunner } from 'typeorm';
import { folded } from '../../services/text/folded';

/** An employee whose employeeId an earlier one has. */
interface Later {
  readonly id: string;
  readonly employee_id: string;
  readonly first_id: string;
}

const LATER = `
  SELECT id, employee_id, first_id FROM (
    SELECT id, employee_id, created_at, first_value(id) OVER same AS first_id, row_number() OVER same AS place
    FROM employees WINDOW same AS (PARTITION BY employee_id_key ORDER BY created_at, id)
  ) ranked WHERE place > 1 ORDER BY created_at, id`;

const MAX_ID = 64;

/**
 * Gives each employee whose employeeId somebody has already a suffix, and makes a review item that names both: in a
 * Turkish database ID-1 and id-1 were two. The photos keep their file names, which are in the rows.
 */
export async function separateEmployeeIds(runner: QueryRunner): Promise<void> {
  for (const later of (await runner.query(LATER)) as Later[]) {
    const employeeId = await freeId(runner, later.employee_id);
    await runner.query('UPDATE employees SET employee_id = $2, employee_id_key = $3 WHERE id = $1', [
      ...[later.id, employeeId, folded(employeeId)],
    ]);
    await runner.query(
      `INSERT INTO review_items
         (id, reason, caller, employee_id, other_employee_id, claimed_employee_id, claimed_key, received_at)
       VALUES (gen_random_uuid(), 'DUPLICATE_EMPLOYEE_ID', 'system', $1, $2, $3, $4, now())`,
      [later.id, later.first_id, later.employee_id, folded(later.employee_id)],
    );
  }
}

/** The employeeId with the lowest suffix that makes it nobody's. */
async function freeId(runner: QueryRunner, employeeId: string): Promise<string> {
  for (let n = 2; ; n++) {
    const suffix = `-${n}`;
    const candidate = employeeId.slice(0, MAX_ID - suffix.length) + suffix;
    const taken = (await runner.query('SELECT 1 FROM employees WHERE employee_id_key = $1 LIMIT 1', [
      folded(candidate),
    ])) as unknown[];
    if (taken.length === 0) return candidate;
  }
}
