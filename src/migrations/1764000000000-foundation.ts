import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Offices, employees with their templates, punches, and the gallery's version. */
export class Foundation1764000000000 implements MigrationInterface {
  readonly name = 'Foundation1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['gallery_changes', 'gallery_state', 'face_templates', 'attendances', 'employees', 'offices'];

const UP = [
  `CREATE TABLE offices (
        id uuid NOT NULL,
        name varchar(200) NOT NULL,
        latitude double precision,
        longitude double precision,
        radius_meters double precision,
        time_zone varchar(64) NOT NULL DEFAULT 'UTC',
        CONSTRAINT offices_geofence_range CHECK (latitude between -90 and 90 and longitude between -180 and 180 and radius_meters between 1 and 100000),
        CONSTRAINT offices_geofence_whole CHECK ((latitude is null) = (longitude is null) and (latitude is null) = (radius_meters is null)),
        CONSTRAINT offices_name_length CHECK (char_length(name) between 1 and 200),
        CONSTRAINT offices_pkey PRIMARY KEY (id)
      )`,
  `CREATE TABLE employees (
        id uuid NOT NULL,
        name varchar(200) NOT NULL,
        employee_id varchar(64) NOT NULL,
        office_id uuid,
        active boolean NOT NULL DEFAULT true,
        created_at timestamptz(3) NOT NULL,
        image_path varchar(200) NOT NULL,
        image_cloudinary_url text,
        image_cloudinary_id text,
        image_upload_attempts integer NOT NULL DEFAULT '0',
        image_upload_next_at timestamptz(3) NOT NULL DEFAULT now(),
        image_upload_error varchar(500),
        image_upload_given_up_at timestamptz(3),
        CONSTRAINT employees_employee_id_shape CHECK (employee_id ~ '^[A-Za-z0-9._-]{1,64}$'),
        CONSTRAINT employees_name_length CHECK (char_length(name) between 1 and 200),
        CONSTRAINT employees_pkey PRIMARY KEY (id)
      )`,
  `CREATE INDEX employees_office_id ON employees (office_id)`,
  `CREATE TABLE attendances (
        id uuid NOT NULL,
        employee_id uuid NOT NULL,
        office_id uuid,
        sequence integer NOT NULL,
        type varchar(8) NOT NULL,
        recorded_at timestamptz(3) NOT NULL,
        similarity double precision NOT NULL,
        distance_from_office double precision,
        latitude double precision,
        longitude double precision,
        request_id varchar(64),
        image_path varchar(200) NOT NULL,
        image_cloudinary_url text,
        image_cloudinary_id text,
        image_upload_attempts integer NOT NULL DEFAULT '0',
        image_upload_next_at timestamptz(3) NOT NULL DEFAULT now(),
        image_upload_error varchar(500),
        image_upload_given_up_at timestamptz(3),
        CONSTRAINT attendances_request_id UNIQUE (request_id),
        CONSTRAINT attendances_employee_id_sequence UNIQUE (employee_id, sequence),
        CONSTRAINT attendances_request_id_length CHECK (char_length(request_id) between 1 and 64),
        CONSTRAINT attendances_position_range CHECK (latitude between -90 and 90 and longitude between -180 and 180),
        CONSTRAINT attendances_position_whole CHECK ((latitude is null) = (longitude is null)),
        CONSTRAINT attendances_distance CHECK (distance_from_office >= 0),
        CONSTRAINT attendances_similarity CHECK (similarity between -1.000001 and 1.000001),
        CONSTRAINT attendances_sequence CHECK (sequence >= 1),
        CONSTRAINT attendances_type CHECK (type in ('LOGIN', 'LOGOUT')),
        CONSTRAINT attendances_pkey PRIMARY KEY (id)
      )`,
  `CREATE INDEX attendances_office_id_recorded_at ON attendances (office_id, recorded_at, id)`,
  `CREATE INDEX attendances_employee_id_recorded_at ON attendances (employee_id, recorded_at, id)`,
  `CREATE INDEX attendances_recorded_at ON attendances (recorded_at, id)`,
  `CREATE TABLE face_templates (
        id uuid NOT NULL,
        employee_id uuid NOT NULL,
        vector bytea NOT NULL,
        dimension integer NOT NULL,
        model_id varchar(64) NOT NULL,
        source varchar(16) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        CONSTRAINT face_templates_source CHECK (source in ('client', 'server')),
        CONSTRAINT face_templates_vector_length CHECK (octet_length(vector) = dimension * 4),
        CONSTRAINT face_templates_dimension CHECK (dimension between 8 and 1024 and dimension % 8 = 0),
        CONSTRAINT face_templates_pkey PRIMARY KEY (id)
      )`,
  `CREATE INDEX face_templates_employee_id ON face_templates (employee_id)`,
  `CREATE TABLE gallery_state (
        id integer NOT NULL,
        version bigint NOT NULL,
        CONSTRAINT gallery_state_one_row CHECK (id = 1),
        CONSTRAINT gallery_state_pkey PRIMARY KEY (id)
      )`,
  `CREATE TABLE gallery_changes (
        employee_id uuid NOT NULL,
        version bigint NOT NULL,
        CONSTRAINT gallery_changes_pkey PRIMARY KEY (employee_id)
      )`,
  `CREATE INDEX gallery_changes_version ON gallery_changes (version)`,
  `ALTER TABLE employees ADD CONSTRAINT employees_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices(id) ON DELETE RESTRICT`,
  `ALTER TABLE attendances ADD CONSTRAINT attendances_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees(id) ON DELETE RESTRICT`,
  `ALTER TABLE attendances ADD CONSTRAINT attendances_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices(id) ON DELETE SET NULL`,
  `ALTER TABLE face_templates ADD CONSTRAINT face_templates_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees(id) ON DELETE CASCADE`,
  `CREATE UNIQUE INDEX employees_employee_id_key ON employees (lower(employee_id))`,
  `CREATE INDEX employees_name_order ON employees (lower(name) COLLATE "C", id)`,
  `CREATE INDEX employees_image_pending ON employees (image_upload_next_at) WHERE image_cloudinary_url IS NULL AND image_upload_given_up_at IS NULL`,
  `CREATE INDEX attendances_image_pending ON attendances (image_upload_next_at) WHERE image_cloudinary_url IS NULL AND image_upload_given_up_at IS NULL`,
  `INSERT INTO gallery_state (id, version) VALUES (1, 0)`,
];
