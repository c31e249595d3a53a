import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { folded } from '../../text/folded';
import { Attendance } from '../../../entities/attendance.entity';
import { ReviewItem, ReviewStatus } from '../../../entities/review-item.entity';
import { RollcallError } from '../../../errors';
import type { Requester } from '../../access/requester';
import { recordAudit } from '../../audit/audit-log';
import { scoresOfPunch } from '../../faces/matching/comparison';
import { NO_IMAGE } from '../../employees/enrolment/drop-faces';
import type { Photo } from '../../photos/input/photo-reader';
import { attendanceImagePath } from '../../photos/local/media-paths';
import type { StorageService } from '../../photos/storage-service';
import { notVoidedSql } from '../../voids/not-voided';
import { originOf } from '../punches/punch-origin';
import type { Check } from './check';
import type { CheckOutcome } from './outcomes';

/** What one key may queue in 24 hours. */
const MAX_PER_DAY = 200;
const DAY_MS = 86_400_000;

/** A check that a client stored, with a requestId that identifies its repetitions. */
type SavedCheck = Check & { readonly capturedAt: Date; readonly requestId: string };

/** What a check found, for the person who reviews it. */
export interface Seen {
  /** Proven as far as the check came; null: it was not read. */
  photo: Photo | null;
  /** Row id of the employee whose face it is; null: none, or the claimed one. */
  employee: string | null;
}

/** A saved check with a final refusal. */
interface RefusedCheck {
  readonly check: SavedCheck;
  readonly requester: Requester;
  readonly reason: string;
  /** What the service has to say about it. */
  readonly note: string | null;
  readonly seen: Readonly<Seen>;
}

/** Keeps saved checks that were refused, so that a person can decide about them. */
export class ReviewQueue {
  constructor(
    private readonly dataSource: DataSource,
    private readonly storage: StorageService,
    private readonly now: () => Date,
  ) {}

  /** The answer to a check that was queued before; null: it was not. */
  async earlier({ requestId }: Check, { caller }: Requester): Promise<CheckOutcome | null> {
    if (requestId == null) return null;
    const item = await this.dataSource.manager.findOneBy(ReviewItem, { caller, requestId });
    if (item === null) return null;
    const [id] = item.attendanceIds;
    if (item.status === ReviewStatus.ACCEPTED && id !== undefined) {
      const attendance = await this.dataSource.manager.findOneBy(Attendance, { id });
      if (attendance !== null) {
        const { distanceFromOffice } = attendance;
        return { status: 'ALREADY_RECORDED', attendance, ...scoresOfPunch(attendance), distanceFromOffice };
      }
    }
    return outcomeOf(item);
  }

  /**
   * Queues a check that was refused, once for each requestId of a key.
   * @throws RollcallError TOO_MANY_REQUESTS if the key has queued too many; UNAVAILABLE
   */
  async add(refused: RefusedCheck): Promise<CheckOutcome> {
    const photo = await this.photoOf(refused);
    const id = uuidv7();
    const path = photo === null ? null : attendanceImagePath(id, this.now());
    // Durable before the row, as every photo; if the transaction is not known to have failed the file stays, and
    // housekeeping removes it if there is no row.
    if (photo !== null && path !== null) await this.storage.local.writeDurable(photo.jpeg, path);
    const outcome = await this.dataSource.transaction((manager) =>
      this.insert(manager, refused, { id, path }),
    );
    const kept = outcome.status === 'REVIEW' && outcome.reviewItemId === id;
    if (path !== null) await (kept ? this.storage.local.confirm(path) : this.storage.local.remove(path));
    return outcome;
  }

  /** @returns null: the photo cannot be read */
  private async photoOf({ check: { imageBase64, image }, seen }: RefusedCheck): Promise<Photo | null> {
    const { storage } = this;
    try {
      if (seen.photo !== null) return await storage.proved(seen.photo);
      return (await storage.readPhotos({ imageBase64, image }))[0] ?? null;
    } catch {
      return null;
    }
  }

  private async insert(
    manager: EntityManager,
    { check, requester, reason, note, seen: { employee: found } }: RefusedCheck,
    { id, path }: { readonly id: string; readonly path: string | null },
  ): Promise<CheckOutcome> {
    const at = this.now();
    const { caller } = requester;
    const { requestId } = check;
    const claimed = check.employeeId ?? null;
    // From now on it becomes no punch any more, and one that is just being written is seen.
    await manager.query('SELECT rollcall_lock_request($1)', [requestId]);
    // An employee who is being erased is waited for, and then not found.
    const [employee] = await manager.query<{ id: string; erased: boolean }[]>(
      `SELECT id, erased_at IS NOT NULL AS erased FROM employees
       WHERE ($1::uuid IS NOT NULL AND id = $1) OR ($1::uuid IS NULL AND employee_id_key = $2) FOR SHARE`,
      [found, claimed === null ? null : folded(claimed)],
    );
    // Also keeps others from queueing meanwhile, so that counts and uniqueness hold.
    await manager.query('SELECT sequence FROM audit_chain WHERE id = 1 FOR UPDATE');
    const known = await manager.findOneBy(ReviewItem, { caller, requestId });
    if (known !== null) return outcomeOf(known);
    // Recorded at an earlier attempt whose answer was lost: it counts already.
    const recorded = await recordedBefore(manager, check, employee?.id ?? null);
    if (recorded !== null) {
      const { distanceFromOffice } = recorded;
      return {
        status: 'ALREADY_RECORDED',
        attendance: recorded,
        ...scoresOfPunch(recorded),
        distanceFromOffice,
      };
    }
    if (employee?.erased === true) return { status: 'EMPLOYEE_NOT_FOUND' };
    await this.refuseTooMany(manager, caller, at);
    const office = requester.kioskOffice ?? check.officeId ?? null;
    const officeId = office !== null && isUuid(office) ? office : null;
    const item = manager.create(ReviewItem, {
      ...{ id, reason, caller, requestId, note, status: ReviewStatus.PENDING },
      employeeId: employee?.id ?? null,
      claimedEmployeeId: employee === undefined ? claimed : null,
      claimedKey: employee === undefined && claimed !== null ? folded(claimed) : null,
      type: check.type ?? null,
      ...{ capturedAt: check.capturedAt, deviceTime: check.deviceTime ?? null },
      ...{ clockOffsetMs: check.clockOffsetMs ?? null, receivedAt: at },
      ...{ latitude: check.latitude ?? null, longitude: check.longitude ?? null },
      positionAccuracyMeters: check.positionAccuracyMeters ?? null,
      positionTakenAt: check.positionTakenAt ?? null,
      origin: originOf(requester),
      image: { ...NO_IMAGE, path },
    });
    const [there] =
      officeId === null
        ? []
        : await manager.query<unknown[]>('SELECT FROM offices WHERE id = $1 FOR KEY SHARE', [officeId]);
    item.officeId = there === undefined ? null : officeId;
    await manager.insert(ReviewItem, item);
    await recordAudit(manager, {
      ...{ caller, address: requester.address, action: 'review.queue', outcome: 'OK', at },
      employeeId: item.employeeId,
      details: { reviewItemId: id, reason },
    });
    return outcomeOf(item);
  }

  private async refuseTooMany(manager: EntityManager, caller: string, at: Date): Promise<void> {
    const since = new Date(at.getTime() - DAY_MS);
    const [row] = await manager.query<{ count: number; oldest: Date | null }[]>(
      `SELECT count(*)::int AS count, min(received_at) AS oldest FROM review_items WHERE caller = $1 AND received_at > $2`,
      [caller, since],
    );
    if (row === undefined || row.count < MAX_PER_DAY) return;
    const until = (row.oldest?.getTime() ?? at.getTime()) + DAY_MS;
    const retryAfterSeconds = Math.max(1, Math.ceil((until - at.getTime()) / 1000));
    throw new RollcallError(
      'TOO_MANY_REQUESTS',
      `At most ${MAX_PER_DAY} refused checks a day are kept for review`,
      {
        retryAfterSeconds,
      },
    );
  }
}

/**
 * The punch that an earlier attempt of a check made; null: none did. The first attempt of an online check has no capturedAt.
 * A client that uses a requestId for several people, or every day, must not lose the others.
 * @param employee row id of the employee that was found or is claimed; null: none
 */
function recordedBefore(
  manager: EntityManager,
  { requestId, capturedAt }: SavedCheck,
  employee: string | null,
): Promise<Attendance | null> {
  return manager
    .createQueryBuilder(Attendance, 'a')
    .where('a.request_id = :requestId', { requestId })
    .andWhere(
      `(a.captured_at = :capturedAt OR a.captured_at IS NULL AND a.manual_reason IS NULL
        AND (:employee::uuid IS NULL OR a.employee_id = :employee)
        AND abs(extract(epoch FROM a.recorded_at - :capturedAt::timestamptz)) < ${DAY_MS / 1000})`,
      { capturedAt, employee },
    )
    .andWhere(notVoidedSql('a'))
    .getOne();
}

const outcomeOf = ({ id, reason }: ReviewItem): CheckOutcome => ({
  status: 'REVIEW',
  reviewItemId: id,
  reviewReason: reason,
});
