import type { MigrationInterface, QueryRunner } from 'typeorm';
import { backfillEmployment, backfillOffices } from './support/backfill-histories';

/** Plans of working time, what they depend on, and decisions about it. Days themselves are derived, never stored. */
export class WorkingDays1766900000000 implements MigrationInterface {
  readonly name = 'WorkingDays1766900000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
    await backfillEmployment(runner);
    await backfillOffices(runner);
    await runner.query('ALTER TABLE employees ALTER COLUMN employed_from SET NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const MADE = `created_by varchar(64) NOT NULL, created_at timestamptz(3) NOT NULL`;

const UP = [
  `CREATE TABLE shifts (
      id uuid NOT NULL,
      name varchar(100) NOT NULL,
      kind varchar(8) NOT NULL,
      segments jsonb NOT NULL DEFAULT '[]',
      break_minutes int NOT NULL DEFAULT 0,
      break_starts_at varchar(5),
      frame jsonb,
      core jsonb NOT NULL DEFAULT '[]',
      target_minutes int,
      archived_at timestamptz(3),
      ${MADE},
      CONSTRAINT shifts_pkey PRIMARY KEY (id),
      CONSTRAINT shifts_kind CHECK (kind in ('FIXED', 'FLEXIBLE')),
      CONSTRAINT shifts_name_length CHECK (char_length(name) between 1 and 100),
      CONSTRAINT shifts_minutes CHECK (break_minutes between 0 and 1440 and target_minutes between 1 and 1440),
      CONSTRAINT shifts_flexible_whole CHECK ((kind = 'FLEXIBLE') = (frame is not null) and (kind = 'FLEXIBLE') = (target_minutes is not null))
    )`,
  `CREATE TABLE schedules (
      id uuid NOT NULL,
      name varchar(100) NOT NULL,
      cycle_days int NOT NULL,
      anchor date NOT NULL,
      archived_at timestamptz(3),
      ${MADE},
      CONSTRAINT schedules_pkey PRIMARY KEY (id),
      CONSTRAINT schedules_cycle_days CHECK (cycle_days between 1 and 366),
      CONSTRAINT schedules_name_length CHECK (char_length(name) between 1 and 100)
    )`,
  `CREATE TABLE schedule_days (
      schedule_id uuid NOT NULL,
      day int NOT NULL,
      shift_id uuid NOT NULL,
      CONSTRAINT schedule_days_pkey PRIMARY KEY (schedule_id, day),
      CONSTRAINT schedule_days_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules (id) ON DELETE CASCADE,
      CONSTRAINT schedule_days_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES shifts (id) ON DELETE RESTRICT,
      CONSTRAINT schedule_days_day CHECK (day between 1 and 366)
    )`,
  `CREATE INDEX schedule_days_shift_id ON schedule_days (shift_id)`,
  `CREATE TABLE work_rules (
      id uuid NOT NULL,
      name varchar(100) NOT NULL,
      ${MADE},
      CONSTRAINT work_rules_pkey PRIMARY KEY (id),
      CONSTRAINT work_rules_name_length CHECK (char_length(name) between 1 and 100)
    )`,
  `CREATE TABLE work_rules_versions (
      id uuid NOT NULL,
      rules_id uuid NOT NULL,
      version int NOT NULL,
      valid_from date NOT NULL,
      fields jsonb NOT NULL,
      ${MADE},
      CONSTRAINT work_rules_versions_pkey PRIMARY KEY (id),
      CONSTRAINT work_rules_versions_version UNIQUE (rules_id, version),
      CONSTRAINT work_rules_versions_from UNIQUE (rules_id, valid_from),
      CONSTRAINT work_rules_versions_rules_id_fkey FOREIGN KEY (rules_id) REFERENCES work_rules (id) ON DELETE CASCADE,
      CONSTRAINT work_rules_versions_number CHECK (version >= 1)
    )`,
  `CREATE TABLE schedule_assignments (
      id uuid NOT NULL,
      employee_id uuid,
      office_id uuid,
      schedule_id uuid NOT NULL,
      rules_id uuid NOT NULL,
      valid_from date NOT NULL,
      valid_until date,
      ${MADE},
      CONSTRAINT schedule_assignments_pkey PRIMARY KEY (id),
      CONSTRAINT schedule_assignments_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
      CONSTRAINT schedule_assignments_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE CASCADE,
      CONSTRAINT schedule_assignments_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES schedules (id) ON DELETE RESTRICT,
      CONSTRAINT schedule_assignments_rules_id_fkey FOREIGN KEY (rules_id) REFERENCES work_rules (id) ON DELETE RESTRICT,
      CONSTRAINT schedule_assignments_subject CHECK ((employee_id is null) <> (office_id is null)),
      CONSTRAINT schedule_assignments_range CHECK (valid_from <= valid_until)
    )`,
  `CREATE INDEX schedule_assignments_employee_id ON schedule_assignments (employee_id, valid_from)`,
  `CREATE INDEX schedule_assignments_office_id ON schedule_assignments (office_id, valid_from)`,
  `CREATE INDEX schedule_assignments_schedule_id ON schedule_assignments (schedule_id)`,
  `CREATE INDEX schedule_assignments_rules_id ON schedule_assignments (rules_id)`,
  `CREATE TABLE day_plans (
      id uuid NOT NULL,
      employee_id uuid NOT NULL,
      date date NOT NULL,
      shift_id uuid,
      reason varchar(500) NOT NULL,
      ${MADE},
      CONSTRAINT day_plans_pkey PRIMARY KEY (id),
      CONSTRAINT day_plans_employee_id_date UNIQUE (employee_id, date),
      CONSTRAINT day_plans_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
      CONSTRAINT day_plans_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES shifts (id) ON DELETE RESTRICT
    )`,
  `CREATE INDEX day_plans_shift_id ON day_plans (shift_id)`,
  `CREATE TABLE employee_offices (
      id uuid NOT NULL,
      employee_id uuid NOT NULL,
      office_id uuid,
      valid_from date NOT NULL,
      ${MADE},
      CONSTRAINT employee_offices_pkey PRIMARY KEY (id),
      CONSTRAINT employee_offices_from UNIQUE (employee_id, valid_from),
      CONSTRAINT employee_offices_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
      CONSTRAINT employee_offices_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE SET NULL
    )`,
  `CREATE INDEX employee_offices_office_id ON employee_offices (office_id)`,
  `CREATE TABLE office_zones (
      id uuid NOT NULL,
      office_id uuid NOT NULL,
      time_zone varchar(64) NOT NULL,
      valid_from date NOT NULL,
      ${MADE},
      CONSTRAINT office_zones_pkey PRIMARY KEY (id),
      CONSTRAINT office_zones_from UNIQUE (office_id, valid_from),
      CONSTRAINT office_zones_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE CASCADE
    )`,
  `CREATE TABLE holidays (
      id uuid NOT NULL,
      office_id uuid NOT NULL,
      date date NOT NULL,
      name varchar(200) NOT NULL,
      starts_at varchar(5),
      kind varchar(8) NOT NULL,
      source varchar(64) NOT NULL,
      ${MADE},
      CONSTRAINT holidays_pkey PRIMARY KEY (id),
      CONSTRAINT holidays_office_id_date UNIQUE (office_id, date),
      CONSTRAINT holidays_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE CASCADE,
      CONSTRAINT holidays_kind CHECK (kind in ('PUBLIC', 'COMPANY')),
      CONSTRAINT holidays_name_length CHECK (char_length(name) between 1 and 200)
    )`,
  `CREATE TABLE absences (
      id uuid NOT NULL,
      employee_id uuid NOT NULL,
      valid_from date NOT NULL,
      valid_until date NOT NULL,
      minutes_per_day int,
      kind varchar(32) NOT NULL,
      paid boolean NOT NULL,
      source varchar(64),
      external_id varchar(64),
      ${MADE},
      CONSTRAINT absences_pkey PRIMARY KEY (id),
      CONSTRAINT absences_external_id UNIQUE (source, external_id),
      CONSTRAINT absences_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
      CONSTRAINT absences_range CHECK (valid_from <= valid_until),
      CONSTRAINT absences_minutes CHECK (minutes_per_day between 1 and 1440),
      CONSTRAINT absences_kind CHECK (kind ~ '^[A-Z0-9_]{1,32}$')
    )`,
  `CREATE INDEX absences_employee_id ON absences (employee_id, valid_from)`,
  `CREATE INDEX absences_valid_from ON absences (valid_from, id)`,
  `CREATE INDEX absences_valid_until ON absences (valid_until)`,
  `CREATE TABLE overtime_decisions (
      id uuid NOT NULL,
      employee_id uuid NOT NULL,
      date date NOT NULL,
      approved_minutes int NOT NULL,
      fingerprint varchar(64) NOT NULL,
      decided_by varchar(64) NOT NULL,
      decided_at timestamptz(3) NOT NULL,
      note varchar(500),
      CONSTRAINT overtime_decisions_pkey PRIMARY KEY (id),
      CONSTRAINT overtime_decisions_employee_id_date UNIQUE (employee_id, date),
      CONSTRAINT overtime_decisions_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
      CONSTRAINT overtime_decisions_minutes CHECK (approved_minutes between 0 and 2880)
    )`,
  `ALTER TABLE employees
     ADD COLUMN employed_from date DEFAULT now(),
     ADD COLUMN employed_until date,
     ADD CONSTRAINT employees_employment CHECK (employed_from <= employed_until)`,
  `ALTER TABLE corrections ADD COLUMN basis varchar(64)`,
  `CREATE INDEX corrections_requested_at ON corrections (requested_at, id)`,
  `ALTER TABLE correction_changes
     ADD COLUMN waive_date date,
     ADD COLUMN waive_minutes int,
     DROP CONSTRAINT correction_changes_kind,
     ADD CONSTRAINT correction_changes_kind CHECK (kind in ('ADD', 'VOID', 'WAIVE_BREAK')),
     ADD CONSTRAINT correction_changes_waived CHECK ((kind = 'WAIVE_BREAK') = (waive_date is not null) and (waive_date is null) = (waive_minutes is null)),
     ADD CONSTRAINT correction_changes_waive_minutes CHECK (waive_minutes between 1 and 1440)`,
];

/** Waived breaks and plans go: the version before knows neither. */
const DOWN = [
  `DELETE FROM correction_changes WHERE kind = 'WAIVE_BREAK'`,
  `ALTER TABLE correction_changes
     DROP CONSTRAINT correction_changes_waived,
     DROP CONSTRAINT correction_changes_waive_minutes,
     DROP CONSTRAINT correction_changes_kind,
     DROP COLUMN waive_date,
     DROP COLUMN waive_minutes,
     ADD CONSTRAINT correction_changes_kind CHECK (kind in ('ADD', 'VOID'))`,
  `DROP INDEX corrections_requested_at`,
  `ALTER TABLE corrections DROP COLUMN basis`,
  `ALTER TABLE employees
     DROP CONSTRAINT employees_employment,
     DROP COLUMN employed_from,
     DROP COLUMN employed_until`,
  `DROP TABLE overtime_decisions, absences, holidays, office_zones, employee_offices, day_plans,
     schedule_assignments, work_rules_versions, work_rules, schedule_days, schedules, shifts`,
];
