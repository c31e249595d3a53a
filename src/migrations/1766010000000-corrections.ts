import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Corrections of punches: voids and added punches; every punch has the time at which it was received. */
export class Corrections1766010000000 implements MigrationInterface {
  readonly name = 'Corrections1766010000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `CREATE TABLE corrections (
      id uuid NOT NULL,
      employee_id uuid NOT NULL,
      status varchar(16) NOT NULL,
      reason varchar(500) NOT NULL,
      requested_by varchar(64) NOT NULL,
      requested_at timestamptz(3) NOT NULL,
      decided_by varchar(64),
      decided_at timestamptz(3),
      note varchar(500),
      CONSTRAINT corrections_pkey PRIMARY KEY (id),
      CONSTRAINT corrections_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE RESTRICT,
      CONSTRAINT corrections_status CHECK (status in ('REQUESTED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
      CONSTRAINT corrections_decided CHECK ((decided_by is null) = (decided_at is null))
    )`,
  `CREATE INDEX corrections_employee_id ON corrections (employee_id, id)`,
  `CREATE TABLE correction_changes (
      id uuid NOT NULL,
      correction_id uuid NOT NULL,
      position int NOT NULL,
      kind varchar(16) NOT NULL,
      type varchar(8),
      recorded_at timestamptz(3),
      attendance_id uuid,
      CONSTRAINT correction_changes_pkey PRIMARY KEY (id),
      CONSTRAINT correction_changes_position UNIQUE (correction_id, position),
      CONSTRAINT correction_changes_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES corrections (id) ON DELETE CASCADE,
      CONSTRAINT correction_changes_attendance_id_fkey FOREIGN KEY (attendance_id) REFERENCES attendances (id) ON DELETE SET NULL,
      CONSTRAINT correction_changes_kind CHECK (kind in ('ADD', 'VOID')),
      CONSTRAINT correction_changes_type CHECK (type in ('LOGIN', 'LOGOUT')),
      CONSTRAINT correction_changes_added CHECK ((kind = 'ADD') = (type is not null) and (type is null) = (recorded_at is null))
    )`,
  `CREATE INDEX correction_changes_attendance_id ON correction_changes (attendance_id)`,
  `CREATE TABLE attendance_voids (
      id uuid NOT NULL,
      attendance_id uuid NOT NULL,
      correction_id uuid,
      reason varchar(500) NOT NULL,
      voided_by varchar(64) NOT NULL,
      voided_at timestamptz(3) NOT NULL,
      restored_by varchar(64),
      restored_at timestamptz(3),
      restore_reason varchar(500),
      CONSTRAINT attendance_voids_pkey PRIMARY KEY (id),
      CONSTRAINT attendance_voids_attendance_id_fkey FOREIGN KEY (attendance_id) REFERENCES attendances (id) ON DELETE CASCADE,
      CONSTRAINT attendance_voids_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES corrections (id) ON DELETE SET NULL,
      CONSTRAINT attendance_voids_restored CHECK ((restored_by is null) = (restored_at is null) and (restored_at is null) = (restore_reason is null))
    )`,
  `CREATE INDEX attendance_voids_attendance_id ON attendance_voids (attendance_id)`,
  `CREATE INDEX attendance_voids_correction_id ON attendance_voids (correction_id)`,
  `CREATE UNIQUE INDEX attendance_voids_in_force ON attendance_voids (attendance_id) WHERE restored_at IS NULL`,
  `ALTER TABLE attendances
     ADD COLUMN correction_id uuid,
     ADD COLUMN request_round int NOT NULL DEFAULT 0,
     DROP CONSTRAINT attendances_captured_whole,
     ADD CONSTRAINT attendances_captured_whole CHECK (captured_at is null or received_at is not null),
     DROP CONSTRAINT attendances_request_id,
     ADD CONSTRAINT attendances_request_id UNIQUE (request_id, request_round),
     ADD CONSTRAINT attendances_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES corrections (id) ON DELETE SET NULL`,
  `CREATE INDEX attendances_correction_id ON attendances (correction_id) WHERE correction_id IS NOT NULL`,
  `CREATE INDEX attendances_not_at_once ON attendances (employee_id, recorded_at, sequence)
     WHERE captured_at IS NOT NULL OR manual_reason IS NOT NULL`,
];

/** What was voided counts again: the version before knows no voids. */
const DOWN = [
  `DROP INDEX attendances_not_at_once, attendances_correction_id`,
  `UPDATE attendances SET request_id = NULL WHERE request_round > 0`,
  `UPDATE attendances SET received_at = NULL WHERE captured_at IS NULL`,
  `ALTER TABLE attendances
     DROP CONSTRAINT attendances_correction_id_fkey,
     DROP CONSTRAINT attendances_request_id,
     DROP CONSTRAINT attendances_captured_whole,
     DROP COLUMN correction_id,
     DROP COLUMN request_round,
     ADD CONSTRAINT attendances_request_id UNIQUE (request_id),
     ADD CONSTRAINT attendances_captured_whole CHECK ((captured_at is null) = (received_at is null))`,
  `DROP TABLE attendance_voids`,
  `DROP TABLE correction_changes`,
  `DROP TABLE corrections`,
];
