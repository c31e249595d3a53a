import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Devices of keys, when a key was in contact, daily lockouts, and what a punch's place and time rest on. */
export class Evidence1766600000000 implements MigrationInterface {
  readonly name = 'Evidence1766600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE api_keys
     ADD COLUMN device varchar(8) NOT NULL DEFAULT 'MOBILE',
     ADD COLUMN last_fault_at timestamptz(3)`,
  `ALTER TABLE api_keys
     ADD CONSTRAINT api_keys_device CHECK (device in ('FIXED', 'MOBILE')),
     ADD CONSTRAINT api_keys_fixed_kiosk CHECK (device <> 'FIXED' or role = 'KIOSK')`,
  `CREATE TABLE key_contacts (
      key_id uuid NOT NULL,
      began_at timestamptz(3) NOT NULL,
      ended_at timestamptz(3) NOT NULL,
      CONSTRAINT key_contacts_pkey PRIMARY KEY (key_id, began_at),
      CONSTRAINT key_contacts_order CHECK (began_at <= ended_at),
      CONSTRAINT key_contacts_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys (id) ON DELETE CASCADE
    )`,
  `CREATE INDEX key_contacts_ended_at ON key_contacts (ended_at)`,
  `ALTER TABLE attendances
     ADD COLUMN fixed_device boolean NOT NULL DEFAULT false,
     ADD COLUMN not_before timestamptz(3)`,
  `ALTER TABLE lockouts ADD COLUMN daily boolean NOT NULL DEFAULT false`,
  `ALTER TABLE lockouts DROP CONSTRAINT lockouts_pkey`,
  `ALTER TABLE lockouts ADD CONSTRAINT lockouts_pkey PRIMARY KEY (kind, subject, daily)`,
];

const DOWN = [
  `DELETE FROM lockouts WHERE daily`,
  `ALTER TABLE lockouts DROP CONSTRAINT lockouts_pkey`,
  `ALTER TABLE lockouts DROP COLUMN daily`,
  `ALTER TABLE lockouts ADD CONSTRAINT lockouts_pkey PRIMARY KEY (kind, subject)`,
  `ALTER TABLE attendances DROP COLUMN not_before, DROP COLUMN fixed_device`,
  `DROP TABLE key_contacts`,
  `ALTER TABLE api_keys DROP CONSTRAINT api_keys_fixed_kiosk, DROP CONSTRAINT api_keys_device`,
  `ALTER TABLE api_keys DROP COLUMN last_fault_at, DROP COLUMN device`,
];
