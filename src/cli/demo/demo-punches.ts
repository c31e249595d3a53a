import { In, type DataSource, type Repository } from 'typeorm';
import { FACE_FAULT_TEXTS } from '@rollcall/face-rules';
import type { Statements } from '../../database/statements';
import { Attendance } from '../../entities/attendance.entity';
import type { Employee } from '../../entities/employee.entity';
import { TemplateSource } from '../../entities/face-template.entity';
import { SYSTEM } from '../../services/audit/actor';
import { insertPunch, PunchRace } from '../../services/attendance/punches/punch-writer';
import { NO_IMAGE } from '../../services/employees/enrolment/drop-faces';
import type { FaceReader } from '../../services/faces/engine/face-reader';
import type { FaceProbe } from '../../services/faces/engine/face-probe';
import { isMatch } from '../../services/faces/matching/comparison';
import type { MatchingService } from '../../services/faces/matching/matching-service';
import { attendanceImagePath } from '../../services/photos/local/media-paths';
import type { Photo } from '../../services/photos/input/photo-reader';
import type { StorageService } from '../../services/photos/storage-service';
import { OperatorError } from '../operator-error';
import type { DemoIds } from './demo-ids';
import type { PlannedPunch } from './demo-plan';

/** Attempts to write a punch, which can fail if somebody punches at the kiosk at the same time. */
const RACE_ATTEMPTS = 10;

export interface DemoPunchServices {
  readonly dataSource: DataSource;
  readonly statements: Statements;
  readonly storage: StorageService;
  readonly reader: FaceReader;
  readonly matching: MatchingService;
  /** Reads a photo of the demo by its name. */
  readonly photo: (name: string) => Promise<Buffer>;
}

/** A photo and its descriptor. */
interface Seen {
  readonly photo: Photo;
  readonly probe: FaceProbe;
}

/**
 * Writes punches of the past with their photos, as checks would have done. A check itself can only punch now or within the
 * last hours, after all other punches.
 */
export class DemoPunches {
  private readonly attendances: Repository<Attendance>;
  private readonly seen = new Map<string, Promise<Seen>>();

  constructor(
    private readonly demo: DemoPunchServices,
    private readonly ids: DemoIds,
  ) {
    this.attendances = demo.dataSource.getRepository(Attendance);
  }

  /** Path of the photo of a planned punch. */
  pathOf(punch: PlannedPunch): string {
    return attendanceImagePath(this.ids.punch(punch), punch.at);
  }

  /** All punches of the demo's people, including those at the kiosk. */
  count(): Promise<number> {
    return this.attendances.countBy({ employeeId: In(this.ids.employees) });
  }

  /** The moment of the first ordinary punch; null: there is none. */
  async first(): Promise<Date | null> {
    const [row] = await this.demo.dataSource.query<{ first: Date | null }[]>(
      `SELECT min(recorded_at) AS first FROM attendances WHERE employee_id = ANY($1::uuid[]) AND request_id ~ ':\\d{4}-'`,
      [this.ids.employees],
    );
    return row?.first ?? null;
  }

  /** The planned punches without a row. */
  async missing(planned: readonly PlannedPunch[]): Promise<PlannedPunch[]> {
    const rows = await this.attendances.find({
      select: { requestId: true },
      where: { employeeId: In(this.ids.employees), requestId: In(planned.map(({ requestId }) => requestId)) },
    });
    const there = new Set(rows.map(({ requestId }) => requestId));
    return planned.filter(({ requestId }) => !there.has(requestId));
  }

  /** @throws OperatorError if the photo does not match the employee by the configured thresholds */
  async write(punch: PlannedPunch, employee: Employee): Promise<void> {
    const { storage, matching } = this.demo;
    const { photo, probe } = await this.look(punch.photo);
    const { verdict, similarity, similarityOf } = matching.verify(employee.id, probe);
    if (!isMatch(verdict)) {
      throw new OperatorError(
        `${punch.photo} does not match the face of ${employee.employeeId} (similarity ${similarity?.toFixed(3) ?? 'unknown'}). ` +
          'Check FACE_SERVER_MATCH_THRESHOLD, or remove the demo and add it again',
      );
    }
    const path = this.pathOf(punch);
    // Before the row: a row never points at a missing file.
    await storage.local.writeDurable(photo.jpeg, path);
    const attendance = this.attendances.create({
      id: this.ids.punch(punch),
      employeeId: employee.id,
      officeId: employee.officeId,
      type: punch.type,
      recordedAt: punch.at,
      similarity,
      similarityOf,
      distanceFromOffice: null,
      latitude: null,
      longitude: null,
      positionAccuracyMeters: null,
      positionTakenAt: null,
      requestId: punch.requestId,
      descriptorSource: TemplateSource.SERVER,
      challenged: false,
      live: false,
      capturedAt: null,
      receivedAt: null,
      fixedDevice: false,
      notBefore: null,
      flags: [],
      origin: { sentBy: 'demo', sentFrom: null, clientVersion: null },
      image: { ...NO_IMAGE, path },
    });
    if (await this.insert(attendance, punch.requestId)) return;
    await storage.local.remove(path);
    throw new OperatorError(
      `${employee.employeeId} is not active; reactivate the employee, or remove the demo`,
    );
  }

  /** The uploader of the service copies the photo to the CDN. @returns false if the employee is not active */
  private async insert(attendance: Attendance, requestId: string): Promise<boolean> {
    const { employeeId } = attendance;
    for (let attempt = 1; ; attempt++) {
      attendance.sequence = ((await this.attendances.maximum('sequence', { employeeId })) ?? 0) + 1;
      try {
        return await insertPunch(this.demo.statements, attendance, SYSTEM.caller, 0);
      } catch (error) {
        if (!(error instanceof PunchRace) || attempt === RACE_ATTEMPTS) throw error;
        // Another run of the demo has written this punch and the same photo.
        if (await this.attendances.existsBy({ employeeId, requestId })) return true;
      }
    }
  }

  /** Several punches share a photo, so each photo is analysed once. */
  private look(name: string): Promise<Seen> {
    const known = this.seen.get(name);
    if (known !== undefined) return known;
    const looked = this.lookAt(name);
    this.seen.set(name, looked);
    return looked;
  }

  private async lookAt(name: string): Promise<Seen> {
    const { storage, reader, photo: read } = this.demo;
    const imageBase64 = (await read(name)).toString('base64');
    const [photo] = await storage.readPhotos({ imageBase64 });
    const reading = await reader.look(photo as Photo, 'check');
    if (reading.kind === 'NOT_USABLE') {
      throw new OperatorError(`Could not use ${name}: ${FACE_FAULT_TEXTS[reading.fault].message}`);
    }
    return { photo: photo as Photo, probe: reading.probe };
  }
}
