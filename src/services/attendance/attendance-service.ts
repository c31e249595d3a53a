import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import type { DataSource, Repository, SelectQueryBuilder } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { isConnectionLost } from '../../database/errors';
import type { Statements } from '../../database/statements';
import { Attendance, type AttendanceType } from '../../entities/attendance.entity';
import type { Employee } from '../../entities/employee.entity';
import { badInput, conflict, unavailable } from '../../errors';
import { distanceMeters, type Position } from '../geofence';
import type { Descriptor } from '../matching/descriptor';
import type { DescriptorModel } from '../matching/descriptor-model';
import type { GallerySync } from '../matching/gallery-sync';
import type { MatchingService } from '../matching/matching-service';
import type { OfficeService } from '../office-service';
import { checkFirst, Cursors, type Page, type PageRequest } from '../paging';
import { decidePunch } from '../punch-rules';
import { attendanceImagePath } from '../storage/media-paths';
import type { Photo } from '../storage/photo-reader';
import type { PhotoInput, StorageService } from '../storage/storage-service';
import type { CheckOutcome, Matched } from './check-outcome';
import { readSubject, type CheckSubject } from './check-subject';
import { insertPunch, PunchRace } from './punch-writer';

export interface Check extends PhotoInput {
  /** The company's id of the person who is claimed; none: the face alone decides. */
  readonly employeeId?: string | null | undefined;
  /** As it was sent. */
  readonly faceDescriptor?: unknown;
  /** Limits an identification to the employees of one office. */
  readonly officeId?: string | null | undefined;
  readonly latitude?: number | null | undefined;
  readonly longitude?: number | null | undefined;
  readonly type?: AttendanceType | null | undefined;
  readonly requestId?: string | null | undefined;
}

export interface AttendanceFilter {
  readonly employeeId?: string | null | undefined;
  readonly officeId?: string | null | undefined;
  readonly type?: AttendanceType | null | undefined;
  /** Inclusive. */
  readonly from?: Date | null | undefined;
  /** Exclusive. */
  readonly to?: Date | null | undefined;
}

/** How often a punch is decided anew because others of the same employee came first. */
const RACE_ATTEMPTS = 50;

const PUNCH_TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A moment as toISOString writes it. JavaScript reads 30 February as 1 March and knows a year 0; PostgreSQL does not. */
const isPunchTime = (key: string): boolean =>
  PUNCH_TIME.test(key) && !Number.isNaN(Date.parse(key)) && new Date(key).toISOString() === key;

const cursors = new Cursors('attendances', isPunchTime);

/** Checks faces and records punches. */
export class AttendanceService {
  private readonly attendances: Repository<Attendance>;
  private readonly races = retry(handleType(PunchRace), {
    maxAttempts: RACE_ATTEMPTS,
    backoff: new ExponentialBackoff({ initialDelay: 1, maxDelay: 20 }),
  });

  constructor(
    dataSource: DataSource,
    private readonly statements: Statements,
    private readonly model: DescriptorModel,
    private readonly matching: MatchingService,
    private readonly offices: OfficeService,
    private readonly gallerySync: GallerySync,
    private readonly storage: StorageService,
    private readonly minIntervalSeconds: number,
    private readonly now: () => Date,
  ) {
    this.attendances = dataSource.getRepository(Attendance);
  }

  /**
   * Decides whose face it is and whether they stand at their office, and records the punch. Refusals are outcomes:
   * they write nothing.
   * @throws RollcallError BAD_USER_INPUT; CONFLICT where the requestId is another employee's; UNAVAILABLE
   */
  async check(check: Check): Promise<CheckOutcome> {
    const probe = this.model.read(check.faceDescriptor);
    if (!this.gallerySync.ready)
      throw unavailable('The face templates are still being loaded; try again shortly');
    const position = positionOf(check);
    const photo = await this.storage.readPhoto(check);
    const matched = await this.match(check, probe, position);
    if (matched.status !== 'MATCHED') return matched;
    return this.record(check, photo, matched);
  }

  private match(check: Check, probe: Descriptor, position: Position | null): Promise<CheckOutcome | Matched> {
    return check.employeeId == null
      ? this.identify(check, probe, position)
      : this.verify(check, check.employeeId, probe, position);
  }

  private async verify(
    check: Check,
    employeeId: string,
    probe: Descriptor,
    position: Position | null,
  ): Promise<CheckOutcome | Matched> {
    const { galleryVersion, subject } = await this.read({ employeeId }, check);
    if (subject === null) return { status: 'EMPLOYEE_NOT_FOUND' };
    await this.gallerySync.reach(galleryVersion);
    const { matches, similarity } = this.matching.verify(subject.employee.id, probe);
    const distance = distanceTo(subject.employee, position);
    if (!matches || similarity === null) {
      return { status: 'FACE_MISMATCH', similarity, distance, threshold: this.matching.threshold };
    }
    return { status: 'MATCHED', subject, similarity, position, distance };
  }

  /**
   * The gallery in memory proposes, and the statement that reads the person's row says whether the gallery was
   * current: if not, it is brought up to date and asked again, so no removed template ever decides.
   */
  private async identify(
    check: Check,
    probe: Descriptor,
    position: Position | null,
  ): Promise<CheckOutcome | Matched> {
    const scope = check.officeId == null ? null : (await this.offices.get(check.officeId, 'officeId')).id;
    for (;;) {
      const { version } = this.gallerySync;
      const found = await this.matching.identify(probe, { scope });
      const { galleryVersion, subject } = await this.read(
        { rowId: found.recognized ? found.employee : null },
        check,
      );
      if (galleryVersion > version) {
        await this.gallerySync.reach(galleryVersion);
        continue;
      }
      const { similarity } = found;
      if (!found.recognized || subject === null) {
        const ambiguous = !found.recognized && found.ambiguous;
        return { status: 'FACE_NOT_RECOGNIZED', similarity, threshold: this.matching.threshold, ambiguous };
      }
      const distance = distanceTo(subject.employee, position);
      return { status: 'MATCHED', subject, similarity: found.similarity, position, distance };
    }
  }

  private read(key: Parameters<typeof readSubject>[1], { requestId }: Check) {
    return readSubject(this.statements, key, requestId ?? null);
  }

  /** Applies the rules and writes the punch; where another punch came first, looks again and decides anew. */
  private async record(check: Check, photo: Photo, matched: Matched): Promise<CheckOutcome> {
    const id = uuidv7();
    const path = attendanceImagePath(id, this.now());
    let subject: CheckSubject | null = matched.subject;
    let written = false;
    let recorded = false;
    try {
      return await this.races.execute(async ({ attempt }) => {
        if (attempt > 0) {
          subject = (await this.read({ rowId: matched.subject.employee.id }, check)).subject;
        }
        if (subject === null) return { status: 'EMPLOYEE_NOT_FOUND' };
        const settled = await this.settle(check, { ...matched, subject });
        if (settled.outcome !== null) return settled.outcome;

        const punch = this.punchOf(check, { ...matched, subject }, id, path, settled.type);
        // Durable before anything is promised, and before the row: a row never points at a file that is not there.
        if (!written) await this.storage.local.writeDurable(photo.jpeg, path);
        written = true;
        const lease = this.storage.inlineLeaseSeconds;
        if (!(await insertPunch(this.statements, punch, lease))) return { status: 'EMPLOYEE_NOT_FOUND' };
        recorded = true;
        const copied = await this.storage.copyNow({ owner: 'attendances', id, path }, photo.jpeg, lease);
        Object.assign(punch.image, copied);
        return { status: 'RECORDED', attendance: punch };
      });
    } catch (error) {
      // Whether the row was written is not known when the connection is lost over it: the file stays, and if there
      // is no row housekeeping removes it.
      if (isConnectionLost(error)) recorded = true;
      if (error instanceof PunchRace) {
        throw unavailable('Too many punches of this employee at once; try again', error);
      }
      throw error;
    } finally {
      if (written && !recorded) await this.storage.local.remove(path);
    }
  }

  /** What the request id, the geofence and the punch rules say: an outcome, or the direction to record. */
  private async settle(
    { requestId, type }: Check,
    { subject, similarity, position, distance }: Matched,
  ): Promise<{ outcome: CheckOutcome } | { outcome: null; type: AttendanceType }> {
    const { employee, recent, sameRequest } = subject;
    if (requestId != null && sameRequest !== null) {
      if (sameRequest.employee !== employee.id) {
        throw conflict('requestId', "This requestId belongs to another employee's punch; use a new one");
      }
      const attendance = await this.earlier(sameRequest.punchId, employee);
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
    const { office } = employee;
    if (office?.radiusMeters != null) {
      if (position === null || distance === null) {
        throw badInput(
          'latitude',
          "latitude and longitude are required: the employee's office has a geofence",
        );
      }
      if (!(distance <= office.radiusMeters)) {
        return { outcome: { status: 'OUTSIDE_OFFICE', similarity, distance, office } };
      }
    }
    const decision = decidePunch(recent, type ?? null, this.now(), this.minIntervalSeconds);
    if ('record' in decision) return { outcome: null, type: decision.record };
    const attendance = await this.earlier(decision.repeats.id, employee);
    return { outcome: { status: 'ALREADY_RECORDED', attendance, similarity, distance } };
  }

  private async earlier(id: string, employee: Employee): Promise<Attendance> {
    return Object.assign(await this.attendances.findOneByOrFail({ id }), { employee });
  }

  private punchOf(
    { requestId }: Check,
    { subject, similarity, position, distance }: Matched,
    id: string,
    path: string,
    type: AttendanceType,
  ): Attendance {
    const { employee, recent } = subject;
    const [last] = recent;
    // Never before the punch that it follows, even where another node's clock is ahead.
    const recordedAt = new Date(
      Math.max(this.now().getTime(), (last?.recordedAt.getTime() ?? -Infinity) + 1),
    );
    return this.attendances.create({
      id,
      employeeId: employee.id,
      employee,
      officeId: employee.officeId,
      office: employee.office ?? null,
      sequence: (last?.sequence ?? 0) + 1,
      type,
      recordedAt,
      similarity,
      distanceFromOffice: distance,
      latitude: position?.latitude ?? null,
      longitude: position?.longitude ?? null,
      requestId: requestId ?? null,
      image: { path, cloudinaryUrl: null, cloudinaryId: null, uploadAttempts: 0, uploadError: null },
    });
  }

  /**
   * Punches, newest first.
   * @throws RollcallError BAD_USER_INPUT for `first`, `after` and a range that ends before it begins
   */
  async list(filter: AttendanceFilter, { first, after }: PageRequest): Promise<Page<Attendance>> {
    checkFirst(first);
    if (filter.from != null && filter.to != null && filter.from > filter.to) {
      throw badInput('to', 'must not be before from');
    }
    const page = this.filtered(filter).orderBy('a.recorded_at', 'DESC').addOrderBy('a.id', 'DESC');
    if (after != null) {
      const [recordedAt, id] = cursors.decode(after);
      page.andWhere('(a.recorded_at, a.id) < (:recordedAt::timestamptz, :id::uuid)', { recordedAt, id });
    }
    const rows = await page.limit(first + 1).getMany();
    return {
      rows: rows.slice(0, first),
      hasNextPage: rows.length > first,
      hasPreviousPage: after != null,
      cursorOf: (attendance) => cursors.encode([attendance.recordedAt.toISOString(), attendance.id]),
      totalCount: () => this.filtered(filter).getCount(),
    };
  }

  private filtered({
    employeeId,
    officeId,
    type,
    from,
    to,
  }: AttendanceFilter): SelectQueryBuilder<Attendance> {
    const query = this.attendances.createQueryBuilder('a');
    if (employeeId != null) {
      query.andWhere(
        'a.employee_id = (SELECT e.id FROM employees e WHERE lower(e.employee_id) = lower(:employeeId))',
        { employeeId },
      );
    }
    if (officeId != null) {
      if (isUuid(officeId)) query.andWhere('a.office_id = :officeId', { officeId });
      else query.andWhere('false');
    }
    if (type != null) query.andWhere('a.type = :type', { type });
    if (from != null) query.andWhere('a.recorded_at >= :from', { from });
    if (to != null) query.andWhere('a.recorded_at < :to', { to });
    return query;
  }
}

/** @throws RollcallError BAD_USER_INPUT for half a position */
function positionOf({ latitude, longitude }: Check): Position | null {
  if (latitude == null && longitude == null) return null;
  if (latitude == null || longitude == null) {
    throw badInput(
      latitude == null ? 'latitude' : 'longitude',
      'latitude and longitude come together or not at all',
    );
  }
  return { latitude, longitude };
}

/** Metres between the position and the employee's office; null where either is unknown. */
function distanceTo({ office }: Employee, position: Position | null): number | null {
  if (position === null || office?.latitude == null || office.longitude == null) return null;
  return distanceMeters(position, { latitude: office.latitude, longitude: office.longitude });
}
