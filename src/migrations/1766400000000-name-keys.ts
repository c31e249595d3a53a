import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameClaims, nameEmployees } from './support/name-keys';
import { separateEmployeeIds } from './support/duplicate-ids';

/** Names and ids are compared by keys that the service makes, and sorted alike whatever the database's collation is. */
export class NameKeys1766400000000 implements MigrationInterface {
  readonly name = 'NameKeys1766400000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of COLUMNS) await runner.query(statement);
    await nameEmployees(runner);
    await nameClaims(runner);
    await separateEmployeeIds(runner);
    for (const statement of INDEXES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

/** NFC, which is what each name looks like already. A few characters become longer by it; then the name stays. */
const inNfc = (table: string, column: string): string =>
  `UPDATE ${table} SET ${column} = normalize(${column}, NFC)
   WHERE ${column} IS NOT NFC NORMALIZED AND char_length(normalize(${column}, NFC)) <= 200`;

const COLUMNS = [
  `DROP INDEX employees_employee_id_key, employees_name_order`,
  `ALTER TABLE employees ADD COLUMN name_key varchar(400), ADD COLUMN employee_id_key varchar(64)`,
  `ALTER TABLE review_items ADD COLUMN claimed_key varchar(64), ADD COLUMN other_employee_id uuid,
     ADD CONSTRAINT review_items_other_employee_id_fkey FOREIGN KEY (other_employee_id)
       REFERENCES employees (id) ON DELETE SET NULL`,
  `CREATE INDEX review_items_other_employee_id ON review_items (other_employee_id)`,
  inNfc('employees', 'name'),
  inNfc('employees', 'consent_recorded_by'),
  inNfc('offices', 'name'),
  inNfc('api_keys', 'name'),
  inNfc('kiosk_pairings', 'name'),
];

const INDEXES = [
  `ALTER TABLE employees ALTER COLUMN name_key SET NOT NULL, ALTER COLUMN employee_id_key SET NOT NULL`,
  `CREATE UNIQUE INDEX employees_employee_id_key ON employees (employee_id_key)`,
  `CREATE INDEX employees_name_order ON employees (name COLLATE "und-x-icu", id)`,
];

const DOWN = [
  `DELETE FROM review_items WHERE reason = 'DUPLICATE_EMPLOYEE_ID'`,
  `DROP INDEX employees_employee_id_key, employees_name_order`,
  `ALTER TABLE employees DROP COLUMN name_key, DROP COLUMN employee_id_key`,
  `ALTER TABLE review_items DROP COLUMN claimed_key, DROP COLUMN other_employee_id`,
  `CREATE UNIQUE INDEX employees_employee_id_key ON employees (lower(employee_id))`,
  `CREATE INDEX employees_name_order ON employees (lower(name) COLLATE "C", id)`,
];
