import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Remembers what the photo of a check looks like and answers with what was seen of the employee before, in one
 * statement. A function, because each statement in it sees what was committed before it began: the second of two checks
 * that race waits for the lock and then sees the photo of the first.
 */
export class ClaimLook1766920000000 implements MigrationInterface {
  readonly name = 'ClaimLook1766920000000';

  async up(runner: QueryRunner): Promise<void> {
    // $1 the employee, $2 the model, $3 the window's start, $4 caller and $5 requestId of a check that may be sent again
    // since $6, $7 the new row's id, $8 its hash, $9 now. The photo is only remembered if the employee has templates and
    // the photos of all of them have been looked at.
    await runner.query(`CREATE FUNCTION rollcall_claim_look(uuid, text, timestamptz, text, text, timestamptz, uuid,
        bytea, timestamptz)
      RETURNS TABLE (template_id uuid, hash bytea, looked boolean) LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM FROM employees WHERE id = $1 FOR NO KEY UPDATE;
        RETURN QUERY
          SELECT t.id, s.hash, s.id IS NOT NULL
            FROM face_templates t LEFT JOIN seen_faces s ON s.template_id = t.id AND s.model_id = $2
            WHERE t.employee_id = $1
          UNION ALL SELECT NULL, s.hash, true FROM seen_faces s
            WHERE s.employee_id = $1 AND s.template_id IS NULL AND s.model_id = $2 AND s.seen_at >= $3
              AND NOT coalesce(s.caller = $4 AND s.request_id = $5 AND s.seen_at > $6, false);
        INSERT INTO seen_faces (id, employee_id, model_id, hash, caller, request_id, seen_at)
          SELECT $7, $1, $2, $8, $4, $5, $9
          WHERE EXISTS (SELECT FROM face_templates t WHERE t.employee_id = $1)
            AND NOT EXISTS (
              SELECT FROM face_templates t LEFT JOIN seen_faces s ON s.template_id = t.id AND s.model_id = $2
              WHERE t.employee_id = $1 AND s.id IS NULL);
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP FUNCTION rollcall_claim_look(uuid, text, timestamptz, text, text, timestamptz, uuid, bytea, timestamptz)`,
    );
  }
}
