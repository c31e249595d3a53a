import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The key of the hashes that stand for an employee's values in the audit trail. An erasure deletes it. */
export class PersonAuditKeys1766700000000 implements MigrationInterface {
  readonly name = 'PersonAuditKeys1766700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE employees ADD COLUMN audit_key bytea,
        ADD CONSTRAINT employees_audit_key_length CHECK (octet_length(audit_key) = 32)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE employees DROP COLUMN audit_key');
  }
}
