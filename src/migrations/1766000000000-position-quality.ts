import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How good the position of a punch was. */
export class PositionQuality1766000000000 implements MigrationInterface {
  readonly name = 'PositionQuality1766000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE attendances
      ADD COLUMN position_accuracy_meters double precision,
      ADD COLUMN position_taken_at timestamptz(3),
      ADD CONSTRAINT attendances_position_accuracy CHECK (position_accuracy_meters >= 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE attendances DROP COLUMN position_accuracy_meters, DROP COLUMN position_taken_at',
    );
  }
}
