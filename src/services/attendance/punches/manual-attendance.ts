import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { uniqueViolation } from '../../../database/errors';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import { TemplateSource } from '../../../entities/face-template.entity';
import { badInput, conflict, type RollcallError } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { originOf } from './punch-origin';
import { NO_IMAGE } from '../../employees/enrolment/drop-faces';
import { notVoidedSql } from '../../voids/not-voided';
import { lockPerson } from '../../employees/lock-person';
import { officeAt } from '../../employees/office-history';
import type { Employee } from '../../../entities/employee.entity';
import { firstAnswer, foreignRequestId, nextRoundSql } from '../../idempotency/idempotency';

/** A punch that a person vouches for. */
interface ManualPunch {
  /** The company's own id. */
  readonly employeeId: string;
  readonly type: AttendanceType;
  /** When they came or went; left out: now. */
  readonly recordedAt?: Date | null | undefined;
  readonly reason: string;
  /** Idempotency key, of the same kind as a check's. */
  readonly requestId?: string | null | undefined;
}

const MS_PER_DAY = 86_400_000;
/** What is older is no longer corrected here: it has been paid. */
export const MAX_AGE_DAYS = 366;
/** Clocks differ by this much. */
const FUTURE_MS = 60_000;

/** Punches by another way than the face: the law demands one, and cameras fail. */
export class ManualAttendance {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /**
   * Records a punch without a photo, marked as manual. Its place among the others is by its time.
   * @returns the employee's punch with this requestId, if there is one: then nothing is recorded
   * @throws RollcallError NOT_FOUND; BAD_USER_INPUT (recordedAt); CONFLICT if that very punch is there already
   *   (recordedAt), or the requestId is another punch's
   */
  async record(punch: ManualPunch, by: Actor): Promise<Attendance> {
    try {
      return await this.dataSource.transaction((manager) => this.write(manager, punch, by));
    } catch (error) {
      // Written in this very moment; one of the same employee would have waited for the lock and been found.
      if (uniqueViolation(error) === 'attendances_request_id') throw foreignRequestId();
      throw error;
    }
  }

  private async write(
    manager: EntityManager,
    { employeeId, type, reason, requestId = null, ...punch }: ManualPunch,
    by: Actor,
  ): Promise<Attendance> {
    const at = this.now();
    const recordedAt = punch.recordedAt ?? at;
    // The lock keeps the employee's checks from taking the same sequence, and a retry from overtaking the first.
    const employee = await lockPerson(manager, employeeId);
    const earlier = requestId === null ? null : await withRequestId(manager, requestId);
    if (earlier !== null) {
      const retry =
        earlier.manualReason !== null &&
        earlier.type === type &&
        (punch.recordedAt == null || punch.recordedAt.getTime() === earlier.recordedAt.getTime());
      return firstAnswer(earlier, employee.id, retry);
    }
    checkTime(recordedAt, at);
    return addManualPunch(manager, employee, { type, recordedAt, reason, requestId, by, at });
  }
}

export const alreadyThere = (): RollcallError => conflict('recordedAt', 'This punch already exists');

/** A manual punch to be written. */
export interface NewManualPunch {
  readonly type: AttendanceType;
  readonly recordedAt: Date;
  readonly reason: string;
  readonly requestId?: string | null;
  /** The correction that adds it. */
  readonly correctionId?: string | null;
  readonly by: Actor;
  readonly at: Date;
  /** Fields that only a check has. */
  readonly evidence?: Partial<Attendance>;
}

/**
 * Writes a manual punch and its audit event, in a transaction that has locked the employee.
 * @throws RollcallError CONFLICT if that very punch is there already (recordedAt)
 */
export async function addManualPunch(
  manager: EntityManager,
  employee: Employee,
  { type, recordedAt, reason, requestId = null, correctionId = null, by, at, evidence = {} }: NewManualPunch,
): Promise<Attendance> {
  if ((await punchExists(manager, { employeeId: employee.id, type, recordedAt })) !== null) {
    throw alreadyThere();
  }
  const last = await manager.maximum(Attendance, 'sequence', { employeeId: employee.id });
  const attendance = manager.create(Attendance, {
    id: uuidv7(),
    employeeId: employee.id,
    officeId: await officeAt(manager, employee, recordedAt),
    sequence: (last ?? 0) + 1,
    type,
    recordedAt,
    similarity: null,
    distanceFromOffice: null,
    latitude: null,
    longitude: null,
    positionAccuracyMeters: null,
    positionTakenAt: null,
    requestId,
    requestRound: requestId === null ? 0 : await nextRound(manager, requestId),
    correctionId,
    capturedAt: null,
    receivedAt: at,
    descriptorSource: TemplateSource.MANUAL,
    challenged: false,
    live: false,
    manualReason: reason,
    manualRecordedBy: by.caller,
    manualEnteredAt: at,
    origin: originOf(by),
    image: NO_IMAGE,
    ...evidence,
  });
  await manager.insert(Attendance, attendance);
  const ofCorrection = correctionId === null ? {} : { correctionId };
  await recordAudit(manager, {
    ...by,
    action: 'attendance.manual',
    employeeId: employee.id,
    outcome: 'OK',
    details: { attendanceId: attendance.id, type, recordedAt: recordedAt.toISOString(), ...ofCorrection },
    at,
  });
  return attendance;
}

/** The id of the employee's punch that counts, of this direction at this very moment; null: there is none. */
export async function punchExists(
  manager: EntityManager,
  { employeeId, type, recordedAt }: Pick<Attendance, 'employeeId' | 'type' | 'recordedAt'>,
): Promise<string | null> {
  const [same] = await manager.query<{ id: string }[]>(
    `SELECT id FROM attendances a WHERE employee_id = $1 AND type = $2 AND recorded_at = $3 AND ${notVoidedSql('a')}
     LIMIT 1`,
    [employeeId, type, recordedAt],
  );
  return same?.id ?? null;
}

/** The punch that counts with this requestId. */
async function withRequestId(manager: EntityManager, requestId: string): Promise<Attendance | null> {
  const query = manager.createQueryBuilder(Attendance, 'a').where('a.request_id = :requestId', { requestId });
  return query.andWhere(notVoidedSql('a')).getOne();
}

async function nextRound(manager: EntityManager, requestId: string): Promise<number> {
  const [row] = await manager.query<{ round: number }[]>(`SELECT ${nextRoundSql('$1')} AS round`, [
    requestId,
  ]);
  return row?.round ?? 0;
}

/** @throws RollcallError BAD_USER_INPUT if a manual punch cannot be of this time */
export function checkTime(recordedAt: Date, now: Date): void {
  const ageMs = now.getTime() - recordedAt.getTime();
  if (!(ageMs >= -FUTURE_MS)) throw badInput('recordedAt', 'must not be in the future');
  if (ageMs > MAX_AGE_DAYS * MS_PER_DAY) {
    throw badInput('recordedAt', `must be within the last ${MAX_AGE_DAYS} days`);
  }
}
