import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Room for encrypted vectors, and the ids of the keys that are in use. */
export class Encryption1764600000000 implements MigrationInterface {
  readonly name = 'Encryption1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE face_templates
        DROP CONSTRAINT face_templates_vector_length,
        DROP CONSTRAINT face_templates_plain_vector_length,
        ADD CONSTRAINT face_templates_vector_length
          CHECK (octet_length(vector) in (dimension * 4, dimension * 4 + 100)),
        ADD CONSTRAINT face_templates_plain_vector_length CHECK (octet_length(plain_vector) in (512, 612))`,
    );
    await runner.query(
      `CREATE TABLE encryption_keys (
        id varchar(16) NOT NULL,
        first_used_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT encryption_keys_id_shape CHECK (id ~ '^[0-9a-f]{16}$'),
        CONSTRAINT encryption_keys_pkey PRIMARY KEY (id)
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // An earlier version would take an encrypted vector for a longer one, and a photo for none.
    const keys = (await runner.query('SELECT id FROM encryption_keys')) as unknown[];
    if (keys.length > 0) {
      throw new Error(
        'Templates or photos are encrypted; decrypt them first: npm run keys:rotate -- --decrypt',
      );
    }
    await runner.query('DROP TABLE encryption_keys');
    await runner.query(
      `ALTER TABLE face_templates
        DROP CONSTRAINT face_templates_vector_length,
        DROP CONSTRAINT face_templates_plain_vector_length,
        ADD CONSTRAINT face_templates_vector_length CHECK (octet_length(vector) = dimension * 4),
        ADD CONSTRAINT face_templates_plain_vector_length CHECK (octet_length(plain_vector) = 512)`,
    );
  }
}
