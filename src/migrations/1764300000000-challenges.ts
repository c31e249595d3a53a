import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Against replays: single-use challenges, and hashes of the photos and descriptors that were seen. */
export class Challenges1764300000000 implements MigrationInterface {
  readonly name = 'Challenges1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['seen_samples', 'challenges']) await runner.query(`DROP TABLE ${table}`);
  }
}

const UP = [
  `CREATE TABLE challenges (
        id uuid NOT NULL,
        token_hash bytea NOT NULL,
        caller varchar(64) NOT NULL,
        office_id uuid,
        employee_id uuid,
        actions jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        used_at timestamptz(3),
        request_id varchar(64),
        CONSTRAINT challenges_token_hash UNIQUE (token_hash),
        CONSTRAINT challenges_token_hash_length CHECK (octet_length(token_hash) = 32),
        CONSTRAINT challenges_pkey PRIMARY KEY (id),
        CONSTRAINT challenges_office_id_fkey FOREIGN KEY (office_id) REFERENCES offices (id) ON DELETE CASCADE,
        CONSTRAINT challenges_employee_id_fkey FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE
      )`,
  `CREATE INDEX challenges_expires_at ON challenges (expires_at)`,
  `CREATE INDEX challenges_unused ON challenges (caller, expires_at) WHERE used_at IS NULL`,
  `CREATE TABLE seen_samples (
        hash bytea NOT NULL,
        request_id varchar(64),
        caller varchar(64) NOT NULL,
        first_seen_at timestamptz(3) NOT NULL,
        seen_at timestamptz(3) NOT NULL,
        CONSTRAINT seen_samples_hash_length CHECK (octet_length(hash) = 32),
        CONSTRAINT seen_samples_pkey PRIMARY KEY (hash)
      )`,
  `CREATE INDEX seen_samples_seen_at ON seen_samples (seen_at)`,
];
