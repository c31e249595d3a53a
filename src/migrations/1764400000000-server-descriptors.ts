import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Descriptors that the server computes: a template's plain vector beside them, and how a punch was proved. */
export class ServerDescriptors1764400000000 implements MigrationInterface {
  readonly name = 'ServerDescriptors1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE face_templates ADD COLUMN plain_vector bytea,
        ADD CONSTRAINT face_templates_plain_vector_length CHECK (octet_length(plain_vector) = 512)`,
    );
    await runner.query(
      `ALTER TABLE attendances
        ADD COLUMN descriptor_source varchar(16) NOT NULL DEFAULT 'client',
        ADD COLUMN challenged boolean NOT NULL DEFAULT false,
        ADD COLUMN live boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT attendances_descriptor_source CHECK (descriptor_source in ('client', 'server')),
        ADD CONSTRAINT attendances_live_challenged CHECK (challenged or not live)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // A template without a plain vector stays, and is compared with nothing.
    await runner.query(
      `UPDATE face_templates SET vector = plain_vector, model_id = 'dlib-resnet-128', dimension = 128
        WHERE plain_vector IS NOT NULL`,
    );
    await runner.query('ALTER TABLE face_templates DROP COLUMN plain_vector');
    await runner.query(
      'ALTER TABLE attendances DROP COLUMN descriptor_source, DROP COLUMN challenged, DROP COLUMN live',
    );
  }
}
