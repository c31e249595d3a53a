import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A discarded photo is also removed from the CDN by its tag, whatever public id the CDN gave it. */
export class CdnTags1766200000000 implements MigrationInterface {
  readonly name = 'CdnTags1766200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE discarded_images ADD COLUMN cdn_tag varchar(100)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE discarded_images DROP COLUMN cdn_tag');
  }
}
