import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the similarity of a punch was computed of, since a check may compare both a photo and a descriptor. */
export class SimilarityOf1766800010000 implements MigrationInterface {
  readonly name = 'SimilarityOf1766800010000';

  async up(runner: QueryRunner): Promise<void> {
    // Of earlier punches it is that of the descriptor that decided.
    await runner.query(
      `ALTER TABLE attendances ADD COLUMN similarity_of varchar(32),
        ADD CONSTRAINT attendances_similarity_of CHECK (similarity_of in ('CLIENT_DESCRIPTOR', 'SERVER'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attendances DROP COLUMN similarity_of');
  }
}
