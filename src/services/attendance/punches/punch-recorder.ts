import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import type { DataSource, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { refusedByServer } from '../../../database/errors';
import type { Statements } from '../../../database/statements';
import { Attendance, type AttendanceType } from '../../../entities/attendance.entity';
import type { Employee } from '../../../entities/employee.entity';
import type { TemplateSource } from '../../../entities/face-template.entity';
import { badInput, RollcallError, unavailable } from '../../../errors';
import { decidePunch } from './punch-rules';
import { attendanceImagePath } from '../../photos/local/media-paths';
import type { Photo } from '../../photos/input/photo-reader';
import type { StorageService } from '../../photos/storage-service';
import { punchTime, refuseOldCapture } from '../check/capture-time';
import type { Check } from '../check/check';
import type { CheckOutcome, Matched } from '../check/check-outcome';
import { readSubject, type CheckSubject } from '../check/check-subject';
import type { Checker } from '../check/checker';
import { readNeighbours, type PunchNeighbours } from './punch-neighbours';
import { insertPunch, PunchRace } from './punch-writer';
import { foreignRequestId, otherPunch } from '../check/request-id';

/** How often a punch is decided anew because others of the same employee came first. */
const RACE_ATTEMPTS = 50;

const isClientsFault = (error: unknown): boolean =>
  error instanceof RollcallError && (error.code === 'BAD_USER_INPUT' || error.code === 'CONFLICT');

/** How it was shown whose face it is; kept with the punch. */
export interface Proof {
  /** Who computed the descriptor that decided. */
  readonly descriptorSource: TemplateSource;
  /** Whether a challenge was redeemed. */
  readonly challenged: boolean;
  /** Whether the challenge's actions were shown. */
  readonly live: boolean;
}

type Proven = Matched & { readonly proof: Proof };

/** Applies geofence and punch rules to a face that matched, and records the punch. */
export class PunchRecorder {
  private readonly attendances: Repository<Attendance>;
  private readonly races = retry(handleType(PunchRace), {
    maxAttempts: RACE_ATTEMPTS,
    backoff: new ExponentialBackoff({ initialDelay: 1, maxDelay: 20 }),
  });

  constructor(
    dataSource: DataSource,
    private readonly statements: Statements,
    private readonly storage: StorageService,
    private readonly minIntervalSeconds: number,
    private readonly now: () => Date,
    /** Told of every punch that is in the database. */
    private readonly announce: (punchId: string) => void,
  ) {
    this.attendances = dataSource.getRepository(Attendance);
  }

  /**
   * Applies the rules and writes the punch; where another punch came first, looks again and decides anew.
   * @param keepUsed is called before it throws where what proved the person must not prove them again: the punch may be
   *   there all the same, or the fault is the client's
   * @throws RollcallError BAD_USER_INPUT (a position is needed); CONFLICT (requestId); UNAVAILABLE
   */
  async record(
    check: Check,
    photo: Photo,
    matched: Proven,
    checker: Checker,
    keepUsed: () => void,
  ): Promise<CheckOutcome> {
    const id = uuidv7();
    const path = attendanceImagePath(id, this.now());
    let subject: CheckSubject | null = matched.subject;
    let written = false;
    let inserting = false;
    let recorded = false;
    try {
      return await this.races.execute(async ({ attempt }) => {
        inserting = false;
        if (attempt > 0) {
          subject = (await this.lookAgain(matched.subject.employee.id, check, checker)).subject;
        }
        if (subject === null) return { status: 'EMPLOYEE_NOT_FOUND' };
        const settled = await this.settle(check, { ...matched, subject });
        if (settled.outcome !== null) return settled.outcome;

        const punch = this.punchOf(check, { ...matched, subject }, id, path, settled.type);
        // Durable before anything is promised, and before the row: a row never points at a file that is not there.
        if (!written) await this.storage.local.writeDurable(photo.jpeg, path);
        written = true;
        const lease = this.storage.inlineLeaseSeconds;
        inserting = true;
        if (!(await insertPunch(this.statements, punch, lease))) return { status: 'EMPLOYEE_NOT_FOUND' };
        recorded = true;
        this.announce(id);
        const copied = await this.storage.copyNow({ owner: 'attendances', id, path }, photo.jpeg, lease);
        Object.assign(punch.image, copied);
        return { status: 'RECORDED', attendance: punch };
      });
    } catch (error) {
      // Where the database did not answer it is not known whether the row was written: the file stays, and if there
      // is no row housekeeping removes it.
      if (inserting && !recorded) recorded = !refusedByServer(error);
      // Nor may the photo be shown again, for a second punch; and who errs after the face has matched is told that it has.
      if (recorded || isClientsFault(error)) keepUsed();
      if (error instanceof PunchRace) {
        throw unavailable('Too many punches of this employee at once; try again', error);
      }
      throw error;
    } finally {
      if (written && !recorded) await this.storage.local.remove(path);
    }
  }

  private lookAgain(rowId: string, { requestId }: Check, checker: Checker) {
    return readSubject(this.statements, { rowId }, requestId ?? null, checker);
  }

  /** What the request id, the geofence and the punch rules say: an outcome, or the direction to record. */
  private async settle(
    check: Check,
    { subject, similarity, position, distance, visiting }: Matched,
  ): Promise<{ outcome: CheckOutcome } | { outcome: null; type: AttendanceType }> {
    const { requestId, type } = check;
    const { employee, sameRequest } = subject;
    if (requestId != null && sameRequest !== null) {
      if (sameRequest.employee !== employee.id) throw foreignRequestId();
      const attendance = await this.earlier(sameRequest.punchId, employee);
      // No retry of a check: a requestId names one punch, however it was made.
      if (attendance.manualReason !== null) throw otherPunch();
      // The first answer, word for word: its scores, not those of the retry.
      return {
        outcome: {
          status: 'ALREADY_RECORDED',
          attendance,
          similarity: attendance.similarity,
          distance: attendance.distanceFromOffice,
        },
      };
    }
    const now = this.now();
    refuseOldCapture(check, now);
    const office = visiting ?? employee.office;
    if (office?.radiusMeters != null) {
      if (position === null || distance === null) {
        throw badInput('latitude', "latitude and longitude required: the employee's office has a geofence");
      }
      if (!(distance <= office.radiusMeters)) {
        return { outcome: { status: 'OUTSIDE_OFFICE', similarity, distance, office } };
      }
    }
    const { before, after } = await this.around(check, subject, now);
    const made = punchTime(check, now);
    const decision = decidePunch(before, type ?? null, made, this.minIntervalSeconds, after);
    if ('record' in decision) return { outcome: null, type: decision.record };
    const attendance = await this.earlier(decision.repeats.id, employee);
    return { outcome: { status: 'ALREADY_RECORDED', attendance, similarity, distance } };
  }

  /** The punches that decide on this one: the latest, or those around the time when it was made offline. */
  private around(check: Check, { employee, recent }: CheckSubject, now: Date): Promise<PunchNeighbours> {
    // Whatever comes in between this and the row is a race, and has the punch decided anew.
    return check.capturedAt == null
      ? Promise.resolve({ before: recent, after: [] })
      : readNeighbours(this.statements, employee.id, punchTime(check, now));
  }

  private async earlier(id: string, employee: Employee): Promise<Attendance> {
    return Object.assign(await this.attendances.findOneByOrFail({ id }), { employee });
  }

  private punchOf(
    check: Check,
    { subject, similarity, position, distance, visiting, proof }: Proven,
    id: string,
    path: string,
    type: AttendanceType,
  ): Attendance {
    const { employee, recent, lastSequence } = subject;
    const [last] = recent;
    const { requestId = null, capturedAt = null } = check;
    const now = this.now();
    // Never before the punch that it follows, even where another node's clock is ahead; unless it waited for the
    // network, since working time is counted from when it was made.
    const recordedAt =
      capturedAt === null
        ? new Date(Math.max(now.getTime(), (last?.recordedAt.getTime() ?? -Infinity) + 1))
        : punchTime(check, now);
    return this.attendances.create({
      id,
      employeeId: employee.id,
      employee,
      officeId: visiting?.id ?? employee.officeId,
      office: visiting ?? employee.office ?? null,
      sequence: lastSequence + 1,
      type,
      recordedAt,
      similarity,
      distanceFromOffice: distance,
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
      requestId,
      capturedAt,
      lateArrival: capturedAt === null ? null : now,
      ...proof,
      image: { path, cloudinaryUrl: null, cloudinaryId: null, uploadAttempts: 0, uploadError: null },
    });
  }
}
