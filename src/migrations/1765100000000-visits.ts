import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refused faces of an employee of another office are counted for each kiosk by itself. */
export class Visits1765100000000 implements MigrationInterface {
  readonly name = 'Visits1765100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE lockouts DROP CONSTRAINT lockouts_kind,
      ADD CONSTRAINT lockouts_kind CHECK (kind in ('EMPLOYEE', 'KEY', 'VISIT'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM lockouts WHERE kind = 'VISIT'`);
    await runner.query(`ALTER TABLE lockouts DROP CONSTRAINT lockouts_kind,
      ADD CONSTRAINT lockouts_kind CHECK (kind in ('EMPLOYEE', 'KEY'))`);
  }
}
