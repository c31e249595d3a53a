import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { refusedByServer } from '../../../database/errors';
import type { Statements } from '../../../database/statements';
import { Device } from '../../../entities/api-key.entity';
import { Attendance } from '../../../entities/attendance.entity';
import type { Employee } from '../../../entities/employee.entity';
import type { TemplateSource } from '../../../entities/face-template.entity';
import type { Metrics } from '../../../metrics';
import { RollcallError, unavailable } from '../../../errors';
import type { Requester } from '../../access/requester';
import type { Photo } from '../../photos/input/photo-reader';
import { scoresOfPunch } from '../../faces/matching/comparison';
import { attendanceImagePath } from '../../photos/local/media-paths';
import type { StorageService } from '../../photos/storage-service';
import { firstAnswer } from '../../idempotency/idempotency';
import { readNeighbours } from '../punches/punch-neighbours';
import { originOf } from '../punches/punch-origin';
import { newestFirst } from '../punches/punch-order';
import type { PlannedDirection } from '../../working-days/days/planned-direction';
import { decidePunch } from '../punches/punch-rules';
import { insertPunch, PunchRace } from '../punches/punch-writer';
import { punchTime } from './capture-time';
import type { Check } from './check';
import { readSubject, type CheckSubject } from './check-subject';
import { placeOf, positionNeeded, isUncertain, type Position, type PositionLimits } from './geofence';
import type { Matched } from './match-person';
import type { CheckOutcome } from './outcomes';
import type { TimeEvidence } from './time-evidence';
import type { Reservation } from './reservation';
import type { ReviewQueue } from './review-queue';

/** How often a punch is decided again because others of the same employee came first. */
const RACE_ATTEMPTS = 50;
const MAX_RACE_DELAY_MS = 20;

/** How it was shown whose face it is; kept with the punch. */
interface Proof {
  /** Who computed the descriptor that decided. */
  readonly descriptorSource: TemplateSource;
  /** Whether a challenge was redeemed. */
  readonly challenged: boolean;
  /** Whether the challenge's actions were shown. */
  readonly live: boolean;
}

/** A check whose face has matched. */
interface Proven {
  readonly check: Check;
  readonly requester: Requester;
  readonly photo: Photo;
  readonly position: Position | null;
  readonly matched: Matched;
  readonly proof: Proof;
}

interface PunchRecorderOptions {
  readonly dataSource: DataSource;
  readonly statements: Statements;
  readonly storage: StorageService;
  readonly reviews: ReviewQueue;
  readonly minIntervalSeconds: number;
  readonly positions: PositionLimits;
  readonly evidence: TimeEvidence;
  /** How old a LOGIN may be that a LOGOUT closes. */
  readonly openLoginMaxHours: number;
  readonly direction: PlannedDirection;
  readonly now: () => Date;
  /** Called after each punch is written. */
  readonly announce: (punchId: string) => void;
  readonly metrics: Metrics;
}

/** Applies geofence and punch rules to a face that matched, and records the punch: the second half of a check. */
export class PunchRecorder {
  private readonly attendances: Repository<Attendance>;

  constructor(private readonly options: PunchRecorderOptions) {
    this.attendances = options.dataSource.getRepository(Attendance);
  }

  /**
   * Records the punch. If another punch of the employee was written first, reads and decides again.
   * @param held learns whether the samples stay used if this throws
   * @throws RollcallError BAD_USER_INPUT (a position is needed, capturedAt); CONFLICT (requestId); UNAVAILABLE
   */
  async record(proven: Proven, held: Reservation): Promise<CheckOutcome> {
    const { check, requester, matched } = proven;
    const { statements, storage, now } = this.options;
    const id = uuidv7();
    const copy = { path: attendanceImagePath(id, now()), written: false, keep: false };
    let subject: CheckSubject | null = matched.subject;
    try {
      for (let attempt = 0; subject !== null; attempt++) {
        try {
          return await this.attempt(proven, subject, id, copy);
        } catch (error) {
          if (!(error instanceof PunchRace)) throw error;
          if (attempt === RACE_ATTEMPTS) {
            throw unavailable('Too many punches of this employee at once; try again', error);
          }
        }
        await delay(Math.random() * Math.min(MAX_RACE_DELAY_MS, 2 ** attempt));
        const rowId = matched.subject.employee.id;
        ({ subject } = await readSubject(statements, { rowId }, check.requestId ?? null, requester));
      }
      return { status: 'EMPLOYEE_NOT_FOUND' };
    } catch (error) {
      // This error reveals that the face matched, so the photo must not be used again.
      held.keepsSamples = copy.keep || isClientsFault(error);
      throw error;
    } finally {
      if (copy.written && !copy.keep) await storage.local.remove(copy.path);
    }
  }

  /** Steps 4 to 8 of a check. @throws PunchRace */
  private async attempt(
    { check, requester, photo, position, matched, proof }: Proven,
    { employee, recent, lastSequence, sameRequest }: CheckSubject,
    id: string,
    copy: { readonly path: string; written: boolean; keep: boolean },
  ): Promise<CheckOutcome> {
    const { statements, storage, minIntervalSeconds, openLoginMaxHours, positions } = this.options;
    const { reviews, direction, evidence, announce, metrics } = this.options;
    const { requestId = null, capturedAt = null, type = null } = check;
    const { comparison, visiting } = matched;
    const { similarityOf, scores, decidedBy } = comparison;
    const similarity = comparison.similarity ?? 0;
    const compared = { similarity, similarityOf, scores, decidedBy };
    const now = this.options.now();
    if (sameRequest !== null) {
      const attendance = await this.earlier(sameRequest.punchId, employee);
      firstAnswer(attendance, employee.id, attendance.manualReason === null);
      // The first answer, word for word: its scores, not those of the retry.
      const { distanceFromOffice } = attendance;
      return {
        status: 'ALREADY_RECORDED',
        attendance,
        ...scoresOfPunch(attendance),
        distanceFromOffice,
      };
    }
    const { at: made, flags } = punchTime(check, requester, now);

    // 4 place
    const office = visiting ?? employee.office ?? null;
    const { distance: distanceFromOffice, inside } = placeOf(office, position, requester.device);
    if (
      office !== null &&
      distanceFromOffice !== null &&
      isUncertain(check, office.radiusMeters, distanceFromOffice, positions, now)
    ) {
      const accuracy = check.positionAccuracyMeters ?? null;
      return { status: 'POSITION_UNCERTAIN', ...compared, distanceFromOffice, office, accuracy };
    }
    if (!inside) {
      if (distanceFromOffice === null || office === null) throw positionNeeded();
      return { status: 'OUTSIDE_OFFICE', ...compared, distanceFromOffice, office };
    }

    // 5 punch. Whatever comes in between this and the row is a race, and has the punch decided again.
    const { before, after } =
      capturedAt === null
        ? { before: newestFirst(recent, now), after: [] }
        : await readNeighbours(statements, employee.id, made);
    const planned = type === null ? await direction.after(employee.id, before[0], made) : null;
    const decision = decidePunch(before, type, made, minIntervalSeconds, after, openLoginMaxHours, planned);
    if ('repeats' in decision) {
      const attendance = await this.earlier(decision.repeats.id, employee);
      return { status: 'ALREADY_RECORDED', attendance, ...compared, distanceFromOffice };
    }
    let notBefore: Date | null = null;
    if (capturedAt !== null) {
      notBefore = await evidence.judge({ check, requester, employee, at: made, now });
      evidence.refuseTooClose(made, [...before, ...after]);
    }
    const punch = this.attendances.create({
      ...{ id, employeeId: employee.id, employee, officeId: visiting?.id ?? employee.officeId, office },
      ...{
        sequence: lastSequence + 1,
        type: decision.record,
        similarity,
        similarityOf,
        distanceFromOffice,
        requestId,
      },
      recordedAt: made,
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
      positionAccuracyMeters: position === null ? null : (check.positionAccuracyMeters ?? null),
      positionTakenAt: position === null ? null : (check.positionTakenAt ?? null),
      ...{ capturedAt, receivedAt: now, flags, ...proof },
      ...{ fixedDevice: requester.device === Device.FIXED, notBefore },
      origin: originOf(requester),
      image: {
        path: copy.path,
        cdnTarget: null,
        cloudinaryUrl: null,
        cloudinaryId: null,
        uploadAttempts: 0,
        uploadError: null,
      },
    });

    // 6 local copy. Durable before anything is promised, and before the row: a row never points at a missing file.
    if (!copy.written) {
      await metrics.step('local_copy', storage.local.writeDurable(photo.jpeg, copy.path));
    }
    copy.written = true;

    // 7 row
    const ref = { owner: 'attendances', id, path: copy.path } as const;
    const lease = storage.inlineLeaseSeconds;
    // An upload that follows at once begins with the row.
    punch.image.cdnTarget = lease === 0 ? null : storage.uploadTarget(ref);
    try {
      const written = await metrics.step('row', insertPunch(statements, punch, requester.caller, lease));
      if (!written) return (await reviews.earlier(check, requester)) ?? { status: 'EMPLOYEE_NOT_FOUND' };
      copy.keep = true;
    } catch (error) {
      // Where the database did not answer it is not known whether the row was written: the file stays, and if there
      // is no row housekeeping removes it. Nor may the photo be shown again, for a second punch.
      copy.keep = !refusedByServer(error);
      throw error;
    }
    announce(id);
    await storage.local.confirm(copy.path);

    // 8 CDN
    const copied = await storage.copyNow(ref, photo.jpeg, lease, punch.image.cdnTarget !== null);
    Object.assign(punch.image, copied);
    return { status: 'RECORDED', attendance: punch, ...compared, distanceFromOffice };
  }

  private async earlier(id: string, employee: Employee): Promise<Attendance> {
    return Object.assign(await this.attendances.findOneByOrFail({ id }), { employee });
  }
}

const isClientsFault = (error: unknown): boolean =>
  error instanceof RollcallError && (error.code === 'BAD_USER_INPUT' || error.code === 'CONFLICT');
