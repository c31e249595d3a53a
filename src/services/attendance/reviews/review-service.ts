import type { DataSource, EntityManager, SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { folded } from '../../text/folded';
import { isMoment, pageOf, type Page, type PageRequest } from '../../../database/paging';
import { AttendanceFlag, type Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import { DUPLICATE_EMPLOYEE_ID, ReviewItem, ReviewStatus } from '../../../entities/review-item.entity';
import { conflict, notFound } from '../../../errors';
import type { Actor } from '../../audit/actor';
import { recordAudit } from '../../audit/audit-log';
import { NO_IMAGE } from '../../employees/enrolment/drop-faces';
import { lockPerson } from '../../employees/lock-person';
import { addManualPunch, checkTime } from '../punches/manual-attendance';

export interface ReviewFilter {
  readonly status?: ReviewStatus | null | undefined;
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
}

interface Acceptance {
  readonly id: string;
  readonly employeeId: string;
  readonly type: AttendanceType;
  readonly recordedAt: Date;
  readonly reason: string;
}

const NEWEST_FIRST = {
  list: 'reviewItems',
  direction: 'DESC',
  columns: ['r.received_at', 'r.id'],
  key: ':key::timestamptz',
  keyOf: ({ receivedAt }: ReviewItem) => receivedAt.toISOString(),
  isKey: isMoment,
} as const;

/** What waits for a decision, and the decisions. */
export class ReviewService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly now: () => Date,
  ) {}

  /** Newest first. @throws RollcallError BAD_USER_INPUT for `first` and `after` */
  list(filter: ReviewFilter, request: PageRequest): Promise<Page<ReviewItem>> {
    return pageOf(NEWEST_FIRST, () => this.filtered(filter), request);
  }

  /** How many items wait for a decision. */
  pendingCount(): Promise<number> {
    return this.dataSource.getRepository(ReviewItem).countBy({ status: ReviewStatus.PENDING });
  }

  /**
   * Makes a saved check a punch, with its photo and its id.
   * @throws RollcallError NOT_FOUND; BAD_USER_INPUT (recordedAt); CONFLICT if it is decided, is no check, or that
   *   punch exists
   */
  accept({ id, employeeId, type, recordedAt, reason }: Acceptance, by: Actor): Promise<ReviewItem> {
    return this.dataSource.transaction(async (manager) => {
      const at = this.now();
      const employee = await lockPerson(manager, employeeId);
      const item = await pending(manager, id);
      if (item.reason === DUPLICATE_EMPLOYEE_ID) {
        throw conflict(
          'id',
          'This item is about an employeeId, not a punch; dismiss it when you have seen it',
        );
      }
      if (item.requestId === null) {
        throw conflict('id', 'Correct these punches with correctAttendance, then dismiss the item');
      }
      checkTime(recordedAt, at);
      // With all that says where its copy on the CDN is, and until when an upload of it may be under way.
      const { image, capturedAt, receivedAt, latitude, longitude } = item;
      const { positionAccuracyMeters, positionTakenAt, origin } = item;
      const evidence: Partial<Attendance> = {
        ...{ id: item.id, capturedAt, receivedAt, latitude, longitude, image },
        ...{ positionAccuracyMeters, positionTakenAt, flags: [AttendanceFlag.REVIEWED] },
        // Who sent the check; manualRecordedBy says who accepted it. An earlier item has the requester only.
        origin: { ...origin, sentBy: origin.sentBy ?? item.caller },
        ...(item.officeId === null ? {} : { officeId: item.officeId }),
      };
      await addManualPunch(manager, employee, { type, recordedAt, reason, by, at, evidence });
      Object.assign(item, {
        ...{ employeeId: employee.id, claimedEmployeeId: null, claimedKey: null },
        attendanceIds: [item.id],
      });
      return this.decide(manager, item, { status: ReviewStatus.ACCEPTED, reason, by, at });
    });
  }

  /** Decides that nothing comes of it. @throws RollcallError NOT_FOUND; CONFLICT if it is decided */
  dismiss({ id, reason }: { readonly id: string; readonly reason: string }, by: Actor): Promise<ReviewItem> {
    return this.dataSource.transaction(async (manager) => {
      const item = await pending(manager, id);
      return this.decide(manager, item, { status: ReviewStatus.DISMISSED, reason, by, at: this.now() });
    });
  }

  private async decide(
    manager: EntityManager,
    item: ReviewItem,
    { status, reason, by, at }: { status: ReviewStatus; reason: string; by: Actor; at: Date },
  ): Promise<ReviewItem> {
    const accepted = status === ReviewStatus.ACCEPTED;
    const { employeeId, claimedEmployeeId, claimedKey, attendanceIds } = item;
    const decision = { status, decidedBy: by.caller, decidedAt: at, decisionReason: reason };
    // The photo is the punch's now.
    const image = accepted ? { image: NO_IMAGE } : {};
    await manager.update(
      ReviewItem,
      { id: item.id },
      { ...decision, employeeId, claimedEmployeeId, claimedKey, attendanceIds, ...image },
    );
    await recordAudit(manager, {
      ...by,
      action: accepted ? 'review.accept' : 'review.dismiss',
      employeeId,
      outcome: 'OK',
      details: { reviewItemId: item.id },
      at,
    });
    return Object.assign(item, decision, accepted ? { image: { ...NO_IMAGE } } : {});
  }

  private filtered({ status, employeeId, officeId }: ReviewFilter): SelectQueryBuilder<ReviewItem> {
    const query = this.dataSource.getRepository(ReviewItem).createQueryBuilder('r');
    if (status != null) query.andWhere('r.status = :status', { status });
    if (employeeId != null) {
      query.andWhere(
        `(r.claimed_key = :key OR r.employee_id = (SELECT e.id FROM employees e WHERE e.employee_id_key = :key))`,
        { key: folded(employeeId) },
      );
    }
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('r.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    return query;
  }
}

/** The item, locked. @throws RollcallError NOT_FOUND; CONFLICT if it is decided */
async function pending(manager: EntityManager, id: string): Promise<ReviewItem> {
  const item = isUuid(id)
    ? await manager.findOne(ReviewItem, { where: { id }, lock: { mode: 'pessimistic_write' } })
    : null;
  if (item === null) throw notFound('id', 'review item not found');
  if (item.status !== ReviewStatus.PENDING) throw conflict('id', 'This review item is already decided');
  return item;
}
