import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names the installation, so that a data folder can tell whether it has met its own database. */
export class Installation1764200000000 implements MigrationInterface {
  readonly name = 'Installation1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE installation (id uuid NOT NULL, CONSTRAINT installation_pkey PRIMARY KEY (id))',
    );
    await runner.query('INSERT INTO installation (id) VALUES (gen_random_uuid())');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE installation');
  }
}
