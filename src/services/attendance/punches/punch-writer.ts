import type { Statements } from '../../../database/statements';
import { uniqueViolation } from '../../../database/errors';
import { nextRoundSql } from '../../idempotency/idempotency';
import type { Attendance } from '../../../entities/attendance.entity';

/** Another punch of the employee, or one with the same requestId, was written first: read and decide again. */
export class PunchRace extends Error {
  override readonly name = 'PunchRace';
}

/** $11 the requestId; $20: seconds for which the uploader leaves the photo to the request that writes the row; $24 the caller. */
const INSERT = `
  INSERT INTO attendances (id, employee_id, office_id, sequence, type, recorded_at, similarity,
    distance_from_office, latitude, longitude, request_id, image_path, descriptor_source, challenged, live,
    captured_at, received_at, position_accuracy_meters, position_taken_at, request_round, flags, fixed_device,
    not_before, similarity_of, sent_by, sent_from, client_version, image_cdn_target, image_upload_next_at)
  SELECT $1, e.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
    ${nextRoundSql('$11')}, $21::varchar[], $22, $23, $25, $26, $27, $28, $29,
    now() + $20::int * interval '1 second'
  FROM employees e WHERE e.id = $2 AND e.active AND rollcall_not_in_review($24, $11) FOR SHARE RETURNING id`;

/**
 * Writes a punch: one statement, so one transaction. The unique (employee, sequence) makes racing punches one chain
 * without holding a lock while the rules are applied. The share lock makes it look again at an employee who is being
 * deactivated, so that once that is answered no punch of theirs is written any more, on whatever node.
 * @param caller whose request it is
 * @returns false if the employee is no longer active, or the request waits in review
 * @throws PunchRace
 */
export async function insertPunch(
  statements: Statements,
  punch: Attendance,
  caller: string,
  leaseSeconds: number,
): Promise<boolean> {
  try {
    const rows = await statements.run('insert-punch', INSERT, [
      punch.id,
      punch.employeeId,
      punch.officeId,
      punch.sequence,
      punch.type,
      punch.recordedAt,
      punch.similarity,
      punch.distanceFromOffice,
      punch.latitude,
      punch.longitude,
      punch.requestId,
      punch.image.path,
      punch.descriptorSource,
      punch.challenged,
      punch.live,
      punch.capturedAt,
      punch.receivedAt,
      punch.positionAccuracyMeters,
      punch.positionTakenAt,
      leaseSeconds,
      punch.flags,
      punch.fixedDevice,
      punch.notBefore,
      caller,
      punch.similarityOf,
      punch.origin.sentBy,
      punch.origin.sentFrom,
      punch.origin.clientVersion,
      punch.image.cdnTarget,
    ]);
    return rows.length === 1;
  } catch (error) {
    const constraint = uniqueViolation(error);
    if (constraint === 'attendances_employee_id_sequence' || constraint === 'attendances_request_id') {
      throw new PunchRace(constraint, { cause: error });
    }
    throw error;
  }
}
