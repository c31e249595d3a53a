import type { MigrationInterface, QueryRunner } from 'typeorm';
import { appendOnly, EARLIER_TRIGGERS } from './support/audit-triggers';

/** Signed audit events and a signed end. Only the retention function deletes events, up to a signed cut. */
export class AuditSignatures1766710000000 implements MigrationInterface {
  readonly name = 'AuditSignatures1766710000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_events ADD COLUMN key_id varchar(16)');
    await runner.query(
      `ALTER TABLE audit_chain ADD COLUMN key_id varchar(16), ADD COLUMN signature bytea,
        ADD CONSTRAINT audit_chain_signature_whole CHECK ((key_id is null) = (signature is null))`,
    );
    await runner.query(
      `CREATE TABLE audit_keys (
        id varchar(16) NOT NULL,
        signed_from bigint NOT NULL,
        previous_hash bytea NOT NULL,
        signature bytea NOT NULL,
        sealed bytea,
        CONSTRAINT audit_keys_pkey PRIMARY KEY (id),
        CONSTRAINT audit_keys_lengths CHECK (octet_length(previous_hash) = 32 and octet_length(signature) = 32)
      )`,
    );
    const [{ schema }] = (await runner.query('SELECT quote_ident(current_schema()) AS schema')) as [
      { schema: string },
    ];
    for (const sql of appendOnly(schema)) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const sql of EARLIER_TRIGGERS) await runner.query(sql);
    await runner.query('DROP TABLE audit_keys');
    await runner.query('ALTER TABLE audit_chain DROP COLUMN signature, DROP COLUMN key_id');
    await runner.query('ALTER TABLE audit_events DROP COLUMN key_id');
  }
}
