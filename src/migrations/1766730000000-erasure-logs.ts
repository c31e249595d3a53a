import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which erasure logs there are, and which have the line of an erasure. */
export class ErasureLogs1766730000000 implements MigrationInterface {
  readonly name = 'ErasureLogs1766730000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE erasures ADD COLUMN logged_in varchar(16) array NOT NULL DEFAULT '{}'`);
    await runner.query(
      `CREATE TABLE erasure_logs (
        id varchar(16) NOT NULL,
        seen_at timestamptz(3) NOT NULL,
        CONSTRAINT erasure_logs_pkey PRIMARY KEY (id)
      )`,
    );
    // An erasure searches the reasons of manual punches for the person's name.
    await runner.query('CREATE INDEX attendances_manual ON attendances (id) WHERE manual_reason IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attendances_manual');
    await runner.query('DROP TABLE erasure_logs');
    await runner.query('ALTER TABLE erasures DROP COLUMN logged_in');
  }
}
