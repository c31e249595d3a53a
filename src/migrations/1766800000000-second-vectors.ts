import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A template's second vector may be of any model: the server's beside a client's descriptor, or the other way round. */
export class SecondVectors1766800000000 implements MigrationInterface {
  readonly name = 'SecondVectors1766800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE face_templates ADD COLUMN plain_model_id varchar(64), ADD COLUMN plain_dimension int`,
    );
    // Without a model it is of face-api's 128 numbers, as before.
    await runner.query(
      `ALTER TABLE face_templates DROP CONSTRAINT face_templates_plain_vector_length,
        ADD CONSTRAINT face_templates_plain_vector_length CHECK (
          octet_length(plain_vector) in (coalesce(plain_dimension, 128) * 4, coalesce(plain_dimension, 128) * 4 + 100)),
        ADD CONSTRAINT face_templates_plain_dimension CHECK (
          plain_dimension between 8 and 1024 and plain_dimension % 8 = 0)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    // What an earlier version could not read goes; the template itself stays.
    await runner.query(
      `UPDATE face_templates SET plain_vector = NULL, plain_model_id = NULL, plain_dimension = NULL
        WHERE plain_model_id <> 'dlib-resnet-128' OR plain_dimension <> 128`,
    );
    await runner.query(
      `ALTER TABLE face_templates DROP CONSTRAINT face_templates_plain_vector_length,
        DROP CONSTRAINT face_templates_plain_dimension,
        DROP COLUMN plain_model_id, DROP COLUMN plain_dimension,
        ADD CONSTRAINT face_templates_plain_vector_length CHECK (octet_length(plain_vector) in (512, 612))`,
    );
  }
}
