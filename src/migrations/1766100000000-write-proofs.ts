import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Health checks prove that the database takes writes. */
export class WriteProofs1766100000000 implements MigrationInterface {
  readonly name = 'WriteProofs1766100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE write_proofs (
      id integer NOT NULL,
      proven_at timestamptz NOT NULL,
      CONSTRAINT write_proofs_one_row CHECK (id = 1),
      CONSTRAINT write_proofs_pkey PRIMARY KEY (id)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE write_proofs');
  }
}
