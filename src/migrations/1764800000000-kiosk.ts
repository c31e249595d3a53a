import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Kiosks that pair with a code, and punches that were made while they were offline. */
export class Kiosk1764800000000 implements MigrationInterface {
  readonly name = 'Kiosk1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attendances DROP COLUMN captured_at, DROP COLUMN received_at');
    await runner.query('ALTER TABLE api_keys DROP COLUMN allow_offline');
    await runner.query('DROP TABLE kiosk_pairings');
  }
}

const UP = [
  `CREATE TABLE kiosk_pairings (
        id uuid NOT NULL,
        code_hash bytea NOT NULL,
        name varchar(200) NOT NULL,
        office_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        CONSTRAINT kiosk_pairings_pkey PRIMARY KEY (id),
        CONSTRAINT kiosk_pairings_code_hash UNIQUE (code_hash),
        CONSTRAINT kiosk_pairings_code_hash_length CHECK (octet_length(code_hash) = 32),
        CONSTRAINT kiosk_pairings_name_length CHECK (char_length(name) between 1 and 200),
        CONSTRAINT kiosk_pairings_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE CASCADE
      )`,
  `CREATE INDEX kiosk_pairings_office_id ON kiosk_pairings (office_id)`,
  `CREATE INDEX kiosk_pairings_expires_at ON kiosk_pairings (expires_at)`,
  `ALTER TABLE api_keys ADD COLUMN allow_offline boolean NOT NULL DEFAULT false`,
  `ALTER TABLE attendances
    ADD COLUMN captured_at timestamptz(3),
    ADD COLUMN received_at timestamptz(3),
    ADD CONSTRAINT attendances_captured_whole CHECK ((captured_at is null) = (received_at is null))`,
];
