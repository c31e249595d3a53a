import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which running node encrypts under which key. */
export class KeyUsers1765000000000 implements MigrationInterface {
  readonly name = 'KeyUsers1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE encryption_key_users (
      node_id uuid NOT NULL,
      key_id varchar(16) NOT NULL,
      seen_at timestamptz(3) NOT NULL DEFAULT now(),
      CONSTRAINT encryption_key_users_pkey PRIMARY KEY (node_id)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE encryption_key_users');
  }
}
