import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Saved checks that were refused wait for a decision; suspect times of a clock that was ahead are shown. */
export class Reviews1766020000000 implements MigrationInterface {
  readonly name = 'Reviews1766020000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE review_items');
    await runner.query('ALTER TABLE attendances DROP COLUMN flags');
  }
}

const UP = [
  `ALTER TABLE attendances ADD COLUMN flags varchar(32)[] NOT NULL DEFAULT '{}'`,
  `CREATE TABLE review_items (
      id uuid NOT NULL,
      reason varchar(32) NOT NULL,
      caller varchar(64) NOT NULL,
      request_id varchar(64),
      employee_id uuid,
      office_id uuid,
      claimed_employee_id varchar(64),
      type varchar(8),
      captured_at timestamptz(3),
      device_time timestamptz(3),
      clock_offset_ms double precision,
      received_at timestamptz(3) NOT NULL,
      latitude double precision,
      longitude double precision,
      position_accuracy_meters double precision,
      position_taken_at timestamptz(3),
      attendance_ids uuid[] NOT NULL DEFAULT '{}',
      note varchar(500),
      status varchar(16) NOT NULL DEFAULT 'PENDING',
      decided_by varchar(64),
      decided_at timestamptz(3),
      decision_reason varchar(500),
      image_path varchar(200),
      image_cloudinary_url text,
      image_cloudinary_id text,
      image_cdn_target text,
      image_upload_attempts int NOT NULL DEFAULT 0,
      image_upload_next_at timestamptz(3) NOT NULL DEFAULT now(),
      image_upload_error varchar(500),
      image_upload_given_up_at timestamptz(3),
      CONSTRAINT review_items_pkey PRIMARY KEY (id),
      CONSTRAINT review_items_request UNIQUE (caller, request_id),
      CONSTRAINT review_items_status CHECK (status in ('PENDING', 'ACCEPTED', 'DISMISSED')),
      CONSTRAINT review_items_decided CHECK ((status = 'PENDING') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
      CONSTRAINT review_items_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE RESTRICT,
      CONSTRAINT review_items_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE SET NULL
    )`,
  `CREATE INDEX review_items_received_at ON review_items (received_at, id)`,
  `CREATE INDEX review_items_caller_received_at ON review_items (caller, received_at)`,
  `CREATE INDEX review_items_employee_id ON review_items (employee_id)`,
  `CREATE INDEX review_items_office_id ON review_items (office_id)`,
  `CREATE INDEX review_items_decided_at ON review_items (decided_at) WHERE decided_at IS NOT NULL`,
  `CREATE INDEX review_items_image_pending ON review_items (image_upload_next_at)
     WHERE image_cloudinary_url IS NULL AND image_upload_given_up_at IS NULL AND image_path IS NOT NULL`,
  // Each run of punches one millisecond apart: while a clock was ahead every punch was dated after the one before.
  `INSERT INTO review_items (id, reason, caller, employee_id, captured_at, received_at, attendance_ids)
   SELECT gen_random_uuid(), 'TIME_SUSPECT', 'system', employee_id, min(recorded_at), now(),
     array_agg(id ORDER BY recorded_at, sequence)
   FROM (
     SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY employee_id ORDER BY recorded_at, sequence) AS run
     FROM (
       SELECT id, employee_id, recorded_at, sequence, recorded_at - lag(recorded_at)
         OVER (PARTITION BY employee_id ORDER BY recorded_at, sequence) IS DISTINCT FROM interval '1 millisecond' AS begins
       FROM attendances WHERE captured_at IS NULL AND manual_reason IS NULL
     ) punch
   ) numbered
   GROUP BY employee_id, run HAVING count(*) > 1`,
];
