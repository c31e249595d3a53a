import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Another import must not remove the holidays that an earlier one took by other types. */
export class HolidayTypes1766930000000 implements MigrationInterface {
  readonly name = 'HolidayTypes1766930000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE holidays ADD COLUMN imported_type varchar(16)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE holidays DROP COLUMN imported_type');
  }
}
