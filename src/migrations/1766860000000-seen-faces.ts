import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Against near copies: keyed hashes of the faces that matched, and of the enrolment photos. */
export class SeenFaces1766860000000 implements MigrationInterface {
  readonly name = 'SeenFaces1766860000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE seen_faces (
        id uuid CONSTRAINT seen_faces_pkey PRIMARY KEY,
        employee_id uuid NOT NULL
          CONSTRAINT seen_faces_employee_id_fkey REFERENCES employees (id) ON DELETE CASCADE,
        template_id uuid
          CONSTRAINT seen_faces_template_id_fkey REFERENCES face_templates (id) ON DELETE CASCADE,
        model_id varchar(64) NOT NULL,
        hash bytea,
        caller varchar(64),
        request_id varchar(64),
        seen_at timestamptz(3) NOT NULL,
        CONSTRAINT seen_faces_template UNIQUE (template_id, model_id))`,
    );
    await runner.query('CREATE INDEX seen_faces_employee_id ON seen_faces (employee_id)');
    await runner.query('CREATE INDEX seen_faces_seen_at ON seen_faces (seen_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seen_faces');
  }
}
