import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['employees', 'attendances', 'face_photos'];

/**
 * Where a copy of a photo may be on the CDN, kept from before the first attempt to upload it, with the account: so that
 * a copy is found after the configuration was changed. Rows from before tell by their address where it is.
 */
export class CdnTargets1764900000000 implements MigrationInterface {
  readonly name = 'CdnTargets1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} ADD COLUMN image_cdn_target text`);
    await runner.query(
      `ALTER TABLE discarded_images ADD COLUMN cloud_name varchar(200), ALTER COLUMN path DROP NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM discarded_images WHERE path IS NULL`);
    await runner.query(`ALTER TABLE discarded_images ALTER COLUMN path SET NOT NULL, DROP COLUMN cloud_name`);
    for (const table of TABLES) await runner.query(`ALTER TABLE ${table} DROP COLUMN image_cdn_target`);
  }
}
