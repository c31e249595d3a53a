import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each version of the gallery has a random token, by which nodes notice that the database was replaced. */
export class GalleryTokens1766110000000 implements MigrationInterface {
  readonly name = 'GalleryTokens1766110000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE gallery_state ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()');
    await runner.query('ALTER TABLE gallery_state ALTER COLUMN token DROP DEFAULT');
    await runner.query(`CREATE TABLE gallery_versions (
      version bigint NOT NULL,
      token uuid NOT NULL,
      CONSTRAINT gallery_versions_pkey PRIMARY KEY (version)
    )`);
    await runner.query(
      'INSERT INTO gallery_versions (version, token) SELECT version, token FROM gallery_state',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gallery_versions');
    await runner.query('ALTER TABLE gallery_state DROP COLUMN token');
  }
}
