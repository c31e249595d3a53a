import type { MigrationInterface, QueryRunner } from 'typeorm';
import { chainAuditEvents } from './support/chain-audit-events';

/**
 * The life of a person's data: consent, leaving and erasure of employees, punches without a photo, photos that are
 * removed for an erasure, tickets for exports, and the audit trail as a hash chain that takes over the rows so far.
 */
export class Privacy1764700000000 implements MigrationInterface {
  readonly name = 'Privacy1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of PEOPLE) await runner.query(statement);
    for (const statement of ERASURE) await runner.query(statement);
    for (const statement of AUDIT) await runner.query(statement);
    await chainAuditEvents(runner);
    for (const statement of APPEND_ONLY) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

/** Index of photos that are not uploaded; a row without a photo has nothing to upload. */
const pendingIndex = (table: string, more: string): string =>
  `CREATE INDEX ${table}_image_pending ON ${table} (image_upload_next_at)
    WHERE image_cloudinary_url IS NULL AND image_upload_given_up_at IS NULL${more}`;

const PEOPLE = [
  `ALTER TABLE employees
    ALTER COLUMN image_path DROP NOT NULL,
    ADD COLUMN deactivated_at timestamptz(3),
    ADD COLUMN erased_at timestamptz(3),
    ADD COLUMN consent_version varchar(64),
    ADD COLUMN consent_given_at timestamptz(3),
    ADD COLUMN consent_recorded_by varchar(200),
    ADD COLUMN consent_withdrawn_at timestamptz(3),
    ADD CONSTRAINT employees_erased_inactive CHECK (erased_at is null or not active),
    ADD CONSTRAINT employees_consent_whole CHECK (
      (consent_version is null) = (consent_given_at is null) and
      (consent_version is null) = (consent_recorded_by is null))`,
  `UPDATE employees SET deactivated_at = now() WHERE NOT active`,
  `CREATE INDEX employees_deactivated_at ON employees (deactivated_at)`,
  `ALTER TABLE face_photos ALTER COLUMN image_path DROP NOT NULL,
    ADD CONSTRAINT face_photos_image CHECK (image_path is not null)`,
  `ALTER TABLE attendances
    ALTER COLUMN image_path DROP NOT NULL,
    ALTER COLUMN similarity DROP NOT NULL,
    ADD COLUMN manual_reason varchar(500),
    ADD COLUMN manual_recorded_by varchar(64),
    ADD COLUMN manual_entered_at timestamptz(3),
    DROP CONSTRAINT attendances_descriptor_source,
    ADD CONSTRAINT attendances_descriptor_source CHECK (descriptor_source in ('client', 'server', 'manual')),
    ADD CONSTRAINT attendances_manual_whole CHECK (
      (descriptor_source = 'manual') = (manual_reason is not null) and
      (manual_reason is null) = (manual_recorded_by is null) and
      (manual_reason is null) = (manual_entered_at is null))`,
  `DROP INDEX employees_image_pending`,
  `DROP INDEX attendances_image_pending`,
  pendingIndex('employees', ' AND image_path IS NOT NULL'),
  pendingIndex('attendances', ' AND image_path IS NOT NULL'),
  `CREATE INDEX attendances_with_photo ON attendances (recorded_at) WHERE image_path IS NOT NULL`,
];

const ERASURE = [
  `CREATE TABLE erasures (
      id uuid NOT NULL,
      subject_id uuid NOT NULL,
      keep_attendance boolean NOT NULL,
      requested_by varchar(64) NOT NULL,
      requested_at timestamptz(3) NOT NULL,
      started_at timestamptz(3),
      completed_at timestamptz(3),
      next_at timestamptz(3) NOT NULL DEFAULT now(),
      attempts integer NOT NULL DEFAULT '0',
      last_error varchar(500),
      CONSTRAINT erasures_pkey PRIMARY KEY (id)
    )`,
  `CREATE INDEX erasures_requested_at ON erasures (requested_at, id)`,
  `CREATE UNIQUE INDEX erasures_open_subject ON erasures (subject_id) WHERE completed_at IS NULL`,
  `CREATE INDEX erasures_due ON erasures (next_at) WHERE completed_at IS NULL`,
  `ALTER TABLE discarded_images
    ADD COLUMN subject_id uuid,
    ADD COLUMN erasure_id uuid,
    ADD COLUMN local_removed boolean NOT NULL DEFAULT false,
    ADD COLUMN cdn_removed boolean NOT NULL DEFAULT false,
    ADD COLUMN cdn_after timestamptz(3) NOT NULL DEFAULT now(),
    ADD COLUMN last_error varchar(500),
    ADD CONSTRAINT discarded_images_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasures (id) ON DELETE CASCADE`,
  // What waited for an upload to end waits for it still, on the CDN only.
  `UPDATE discarded_images SET cdn_after = next_at`,
  `CREATE INDEX discarded_images_erasure_id ON discarded_images (erasure_id)`,
  `CREATE INDEX discarded_images_subject_id ON discarded_images (subject_id)`,
  `CREATE TABLE export_tickets (
      token_hash bytea NOT NULL,
      subject_id uuid NOT NULL,
      requested_by varchar(64) NOT NULL,
      expires_at timestamptz(3) NOT NULL,
      CONSTRAINT export_tickets_pkey PRIMARY KEY (token_hash),
      CONSTRAINT export_tickets_token_hash_length CHECK (octet_length(token_hash) = 32),
      CONSTRAINT export_tickets_subject_id_fkey FOREIGN KEY (subject_id) REFERENCES employees (id) ON DELETE CASCADE
    )`,
  `CREATE INDEX export_tickets_expires_at ON export_tickets (expires_at)`,
];

const AUDIT = [
  `ALTER TABLE audit_events RENAME TO audit_events_before`,
  `ALTER TABLE audit_events_before RENAME CONSTRAINT audit_events_pkey TO audit_events_before_pkey`,
  `DROP INDEX audit_events_employee_id`,
  `CREATE TABLE audit_events (
      sequence bigint NOT NULL,
      id uuid NOT NULL,
      at timestamptz(3) NOT NULL,
      action varchar(64) NOT NULL,
      outcome varchar(64) NOT NULL,
      caller varchar(64) NOT NULL,
      address varchar(64),
      employee_id uuid,
      details jsonb NOT NULL,
      previous_hash bytea NOT NULL,
      hash bytea NOT NULL,
      CONSTRAINT audit_events_pkey PRIMARY KEY (sequence),
      CONSTRAINT audit_events_id UNIQUE (id),
      CONSTRAINT audit_events_hash_length CHECK (octet_length(hash) = 32 and octet_length(previous_hash) = 32)
    )`,
  `CREATE INDEX audit_events_employee_id ON audit_events (employee_id, sequence)`,
  `CREATE INDEX audit_events_action ON audit_events (action, sequence)`,
  `CREATE INDEX audit_events_at ON audit_events (at)`,
  `CREATE TABLE audit_chain (
      id integer NOT NULL,
      sequence bigint NOT NULL,
      hash bytea NOT NULL,
      CONSTRAINT audit_chain_one_row CHECK (id = 1),
      CONSTRAINT audit_chain_pkey PRIMARY KEY (id)
    )`,
  `INSERT INTO audit_chain (id, sequence, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'))`,
];

/**
 * Keeps mistakes and careless tools out; who owns the database can lift it, and the chain shows what they did. Only
 * the retention of audit rows says that it may delete.
 */
const APPEND_ONLY = [
  `DROP TABLE audit_events_before`,
  `CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' AND current_setting('rollcall.audit_retention', true) = 'on' THEN RETURN OLD; END IF;
      RAISE EXCEPTION 'audit_events is append-only';
    END $$`,
  `CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_append_only()`,
  `CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()`,
];

/** Punches and people that have no photo cannot be told in the older tables: they point at one that is not there. */
const DOWN = [
  `DROP TRIGGER audit_events_append_only ON audit_events`,
  `DROP TRIGGER audit_events_no_truncate ON audit_events`,
  `DROP FUNCTION audit_events_append_only`,
  `DROP TABLE audit_chain`,
  `DELETE FROM audit_events WHERE employee_id IS NULL`,
  `DROP INDEX audit_events_action, audit_events_at, audit_events_employee_id`,
  `ALTER TABLE audit_events DROP CONSTRAINT audit_events_pkey, DROP CONSTRAINT audit_events_id,
    DROP CONSTRAINT audit_events_hash_length`,
  `ALTER TABLE audit_events DROP COLUMN sequence, DROP COLUMN outcome, DROP COLUMN caller, DROP COLUMN address,
    DROP COLUMN previous_hash, DROP COLUMN hash, ALTER COLUMN employee_id SET NOT NULL,
    ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id)`,
  `CREATE INDEX audit_events_employee_id ON audit_events (employee_id)`,
  `DROP TABLE export_tickets`,
  `DROP INDEX discarded_images_erasure_id`,
  `DROP INDEX discarded_images_subject_id`,
  `ALTER TABLE discarded_images DROP COLUMN subject_id, DROP COLUMN erasure_id, DROP COLUMN local_removed, DROP COLUMN cdn_removed,
    DROP COLUMN cdn_after, DROP COLUMN last_error`,
  `DROP TABLE erasures`,
  `DROP INDEX employees_image_pending`,
  `DROP INDEX attendances_image_pending`,
  `DROP INDEX attendances_with_photo`,
  `UPDATE attendances SET image_path = 'attendance_images/none', image_upload_given_up_at = now()
    WHERE image_path IS NULL`,
  `UPDATE attendances SET similarity = 0 WHERE similarity IS NULL`,
  `ALTER TABLE attendances DROP CONSTRAINT attendances_manual_whole, DROP CONSTRAINT attendances_descriptor_source`,
  `UPDATE attendances SET descriptor_source = 'client' WHERE descriptor_source = 'manual'`,
  `ALTER TABLE attendances
    ADD CONSTRAINT attendances_descriptor_source CHECK (descriptor_source in ('client', 'server')),
    ALTER COLUMN image_path SET NOT NULL, ALTER COLUMN similarity SET NOT NULL,
    DROP COLUMN manual_reason, DROP COLUMN manual_recorded_by, DROP COLUMN manual_entered_at`,
  `ALTER TABLE face_photos DROP CONSTRAINT face_photos_image, ALTER COLUMN image_path SET NOT NULL`,
  `UPDATE employees SET image_path = 'face_images/none', image_upload_given_up_at = now() WHERE image_path IS NULL`,
  `DROP INDEX employees_deactivated_at`,
  `ALTER TABLE employees ALTER COLUMN image_path SET NOT NULL, DROP CONSTRAINT employees_erased_inactive,
    DROP CONSTRAINT employees_consent_whole, DROP COLUMN deactivated_at, DROP COLUMN erased_at,
    DROP COLUMN consent_version, DROP COLUMN consent_given_at, DROP COLUMN consent_recorded_by,
    DROP COLUMN consent_withdrawn_at`,
  pendingIndex('employees', ''),
  pendingIndex('attendances', ''),
];
