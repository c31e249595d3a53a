import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A request becomes a punch or a review item, never both, even if the two are written at the same moment. The function
 * sees what was committed before it got the lock, which the statement that calls it does not.
 */
export class RequestLocks1766300000000 implements MigrationInterface {
  readonly name = 'RequestLocks1766300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION rollcall_lock_request(request text) RETURNS void LANGUAGE sql VOLATILE AS
      'SELECT pg_advisory_xact_lock(hashtextextended(request, 1766300000000))'`);
    await runner.query(`CREATE FUNCTION rollcall_not_in_review(by text, request text) RETURNS boolean
      LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        IF request IS NULL THEN RETURN true; END IF;
        PERFORM rollcall_lock_request(request);
        RETURN NOT EXISTS (SELECT FROM review_items WHERE caller = by AND request_id = request);
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION rollcall_not_in_review(text, text)');
    await runner.query('DROP FUNCTION rollcall_lock_request(text)');
  }
}
