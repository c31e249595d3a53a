import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several templates per employee with photos of their own, photos to be removed, and the audit trail. */
export class FaceTemplates1764100000000 implements MigrationInterface {
  readonly name = 'FaceTemplates1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['audit_events', 'discarded_images', 'face_photos']) {
      await runner.query(`DROP TABLE ${table}`);
    }
    await runner.query('DROP INDEX employees_image_path');
    await runner.query('ALTER TABLE face_templates DROP COLUMN duplicate_allowed');
  }
}

const UP = [
  `ALTER TABLE face_templates ADD duplicate_allowed boolean NOT NULL DEFAULT false`,
  `CREATE TABLE face_photos (
        id uuid NOT NULL,
        image_path varchar(200) NOT NULL,
        image_cloudinary_url text,
        image_cloudinary_id text,
        image_upload_attempts integer NOT NULL DEFAULT '0',
        image_upload_next_at timestamptz(3) NOT NULL DEFAULT now(),
        image_upload_error varchar(500),
        image_upload_given_up_at timestamptz(3),
        CONSTRAINT face_photos_pkey PRIMARY KEY (id),
        CONSTRAINT face_photos_id_fkey FOREIGN KEY (id) REFERENCES face_templates (id) ON DELETE CASCADE
      )`,
  `CREATE INDEX face_photos_image_pending ON face_photos (image_upload_next_at) WHERE image_cloudinary_url IS NULL AND image_upload_given_up_at IS NULL`,
  `CREATE INDEX employees_image_path ON employees (image_path)`,
  `CREATE TABLE discarded_images (
        id uuid NOT NULL,
        path varchar(200) NOT NULL,
        cloudinary_id text,
        attempts integer NOT NULL DEFAULT '0',
        next_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT discarded_images_pkey PRIMARY KEY (id)
      )`,
  `CREATE INDEX discarded_images_next_at ON discarded_images (next_at)`,
  `CREATE TABLE audit_events (
        id uuid NOT NULL,
        at timestamptz(3) NOT NULL,
        action varchar(64) NOT NULL,
        employee_id uuid NOT NULL,
        details jsonb NOT NULL,
        CONSTRAINT audit_events_pkey PRIMARY KEY (id)
      )`,
  `CREATE INDEX audit_events_employee_id ON audit_events (employee_id)`,
];
