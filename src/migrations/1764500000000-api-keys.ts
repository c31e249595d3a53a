import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys with roles, refused faces that are counted, and offices that let other offices' people punch. */
export class ApiKeys1764500000000 implements MigrationInterface {
  readonly name = 'ApiKeys1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['lockouts', 'api_keys']) await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE offices DROP COLUMN allow_visitors');
  }
}

const UP = [
  `ALTER TABLE offices ADD COLUMN allow_visitors boolean NOT NULL DEFAULT false`,
  `CREATE TABLE api_keys (
        id uuid NOT NULL,
        name varchar(200) NOT NULL,
        role varchar(16) NOT NULL,
        office_id uuid,
        secret_hash bytea NOT NULL,
        previous_hash bytea,
        previous_valid_until timestamptz(3),
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        last_used_at timestamptz(3),
        CONSTRAINT api_keys_pkey PRIMARY KEY (id),
        CONSTRAINT api_keys_secret_hash UNIQUE (secret_hash),
        CONSTRAINT api_keys_previous_hash UNIQUE (previous_hash),
        CONSTRAINT api_keys_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE CASCADE,
        CONSTRAINT api_keys_name_length CHECK (char_length(name) between 1 and 200),
        CONSTRAINT api_keys_role CHECK (role in ('ADMIN', 'HR', 'KIOSK', 'VIEWER')),
        CONSTRAINT api_keys_kiosk_has_office CHECK (role <> 'KIOSK' or office_id is not null),
        CONSTRAINT api_keys_hash_length
          CHECK (octet_length(secret_hash) = 32 and coalesce(octet_length(previous_hash), 32) = 32),
        CONSTRAINT api_keys_previous_whole CHECK ((previous_hash is null) = (previous_valid_until is null))
      )`,
  `CREATE INDEX api_keys_office_id ON api_keys (office_id)`,
  `CREATE TABLE lockouts (
        kind varchar(16) NOT NULL,
        subject varchar(64) NOT NULL,
        failures int NOT NULL,
        started_at timestamptz(3) NOT NULL,
        last_failure_at timestamptz(3) NOT NULL,
        locked_until timestamptz(3),
        CONSTRAINT lockouts_pkey PRIMARY KEY (kind, subject),
        CONSTRAINT lockouts_kind CHECK (kind in ('EMPLOYEE', 'KEY')),
        CONSTRAINT lockouts_failures CHECK (failures >= 1)
      )`,
  `CREATE INDEX lockouts_last_failure_at ON lockouts (last_failure_at)`,
];
