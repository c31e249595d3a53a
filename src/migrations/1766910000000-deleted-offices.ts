import type { MigrationInterface, QueryRunner } from 'typeorm';

const GONE = 'NOT EXISTS (SELECT FROM offices o WHERE o.id = office_id)';

/**
 * Past days keep the time zone, the default plan and the holidays of an office that is deleted: its id stays where
 * these refer to it. `OfficeService.delete` removes what no past day needs.
 */
export class DeletedOffices1766910000000 implements MigrationInterface {
  readonly name = 'DeletedOffices1766910000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['office_zones', 'employee_offices', 'holidays', 'schedule_assignments']) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${table}_office_id_fkey`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE employee_offices SET office_id = NULL WHERE ${GONE}`);
    await this.restore(runner, 'employee_offices', 'SET NULL');
    for (const table of ['office_zones', 'holidays', 'schedule_assignments']) {
      await runner.query(`DELETE FROM ${table} WHERE office_id IS NOT NULL AND ${GONE}`);
      await this.restore(runner, table, 'CASCADE');
    }
  }

  private async restore(runner: QueryRunner, table: string, onDelete: string): Promise<void> {
    await runner.query(
      `ALTER TABLE ${table} ADD CONSTRAINT ${table}_office_id_fkey
         FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE ${onDelete}`,
    );
  }
}
