import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Templates are computed again from their photos by a new model of the server: what is due, and what failed. */
export class FaceReindex1766850000000 implements MigrationInterface {
  readonly name = 'FaceReindex1766850000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE face_templates
        ADD COLUMN reindex_next_at timestamptz(3) NOT NULL DEFAULT now(),
        ADD COLUMN reindex_attempts int NOT NULL DEFAULT 0,
        ADD COLUMN reindex_error varchar(500),
        ADD COLUMN reindex_failed_model varchar(64)`,
    );
    await runner.query(
      `CREATE TABLE face_model_users (
        node_id uuid CONSTRAINT face_model_users_pkey PRIMARY KEY,
        model_id varchar(64) NOT NULL,
        seen_at timestamptz(3) NOT NULL DEFAULT now())`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE face_model_users');
    await runner.query(
      `ALTER TABLE face_templates DROP COLUMN reindex_next_at, DROP COLUMN reindex_attempts,
        DROP COLUMN reindex_error, DROP COLUMN reindex_failed_model`,
    );
  }
}
