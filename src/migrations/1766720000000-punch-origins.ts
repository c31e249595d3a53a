import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which key sent a punch, from which network, and with which program. */
export class PunchOrigins1766720000000 implements MigrationInterface {
  readonly name = 'PunchOrigins1766720000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['attendances', 'review_items']) {
      await runner.query(
        `ALTER TABLE ${table} ADD COLUMN sent_by varchar(64), ADD COLUMN sent_from varchar(64),
          ADD COLUMN client_version varchar(100)`,
      );
    }
    await runner.query('CREATE INDEX attendances_sent_by ON attendances (sent_by, recorded_at, id)');
    await runner.query('CREATE INDEX attendances_sent_from ON attendances (sent_from, recorded_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['attendances', 'review_items']) {
      await runner.query(
        `ALTER TABLE ${table} DROP COLUMN sent_by, DROP COLUMN sent_from, DROP COLUMN client_version`,
      );
    }
  }
}
