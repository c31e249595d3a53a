import { In, type DataSource, type Repository } from 'typeorm';
import { FACE_FAULT_TEXTS } from '@rollcall/face-rules';
import type { Statements } from '../../database/statements';
import { Attendance } from '../../entities/attendance.entity';
import type { Employee } from '../../entities/employee.entity';
import { TemplateSource } from '../../entities/face-template.entity';
import { insertPunch, PunchRace } from '../../services/attendance/punches/punch-writer';
import { NO_IMAGE } from '../../services/employees/enrolment/drop-faces';
import type { FaceReader } from '../../services/faces/engine/face-reader';
import type { FaceProbe } from '../../services/faces/engine/face-probe';
import type { MatchingService } from '../../services/faces/matching/matching-service';
import { attendanceImagePath } from '../../services/photos/local/media-paths';
import type { Photo } from '../../services/photos/input/photo-reader';
import type { StorageService } from '../../services/photos/storage-service';
import { OperatorError } from '../operator-error';
import type { DemoIds } from './demo-ids';
import type { PlannedPunch } from './demo-plan';

/** How often a punch is written again because somebody punches at the kiosk meanwhile. */
const RACE_ATTEMPTS = 10;

export interface DemoPunchesParts {
  readonly dataSource: DataSource;
  readonly statements: Statements;
  readonly storage: StorageService;
  readonly reader: FaceReader;
  readonly matching: MatchingService;
  /** Reads a photo of the demo by its name. */
  readonly photo: (name: string) => Promise<Buffer>;
}

/** A photo and what it is matched by. */
interface Seen {
  readonly photo: Photo;
  readonly probe: FaceProbe;
}

/**
 * Writes punches of the past with their photos, as a check would have. A check itself cannot: it punches now, or within
 * the last hours, and after every other punch.
 */
export class DemoPunches {
  private readonly attendances: Repository<Attendance>;
  private readonly seen = new Map<string, Promise<Seen>>();

  constructor(
    private readonly parts: DemoPunchesParts,
    private readonly ids: DemoIds,
  ) {
    this.attendances = parts.dataSource.getRepository(Attendance);
  }

  /** Where the photo of a planned punch lies. */
  pathOf(punch: PlannedPunch): string {
    return attendanceImagePath(this.ids.punch(punch), punch.at);
  }

  /** All punches of the people of the demo, those at the kiosk among them. */
  count(): Promise<number> {
    return this.attendances.countBy({ employeeId: In(this.ids.employees) });
  }

  /** The moment of the first ordinary punch; null: there is none. */
  async first(): Promise<Date | null> {
    const [row] = await this.parts.dataSource.query<{ first: Date | null }[]>(
      `SELECT min(recorded_at) AS first FROM attendances WHERE employee_id = ANY($1::uuid[]) AND request_id ~ ':\\d{4}-'`,
      [this.ids.employees],
    );
    return row?.first ?? null;
  }

  /** Those of the planned punches that have no row. */
  async missing(planned: readonly PlannedPunch[]): Promise<PlannedPunch[]> {
    const rows = await this.attendances.find({
      select: { requestId: true },
      where: { employeeId: In(this.ids.employees), requestId: In(planned.map(({ requestId }) => requestId)) },
    });
    const there = new Set(rows.map(({ requestId }) => requestId));
    return planned.filter(({ requestId }) => !there.has(requestId));
  }

  /** @throws OperatorError where the photo is not the employee's face by the thresholds that are configured */
  async write(punch: PlannedPunch, employee: Employee): Promise<void> {
    const { storage, matching } = this.parts;
    const { photo, probe } = await this.look(punch.photo);
    const { matches, similarity } = matching.verify(employee.id, probe);
    if (!matches) {
      throw new OperatorError(
        `${punch.photo} does not match the face of ${employee.employeeId} (similarity ${similarity?.toFixed(3) ?? 'unknown'}). ` +
          'Check FACE_SERVER_MATCH_THRESHOLD, or remove the demo and add it again',
      );
    }
    const path = this.pathOf(punch);
    // Before the row, which never points at a file that is not there.
    await storage.local.writeDurable(photo.jpeg, path);
    const attendance = this.attendances.create({
      id: this.ids.punch(punch),
      employeeId: employee.id,
      officeId: employee.officeId,
      type: punch.type,
      recordedAt: punch.at,
      similarity,
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
      flags: [],
      image: { ...NO_IMAGE, path },
    });
    if (await this.insert(attendance, punch.requestId)) return;
    await storage.local.remove(path);
    throw new OperatorError(
      `${employee.employeeId} is not active; reactivate the employee, or remove the demo`,
    );
  }

  /** The copy to the CDN is left to the uploader of the service. @returns false where the employee is not active */
  private async insert(attendance: Attendance, requestId: string): Promise<boolean> {
    const { employeeId } = attendance;
    for (let attempt = 1; ; attempt++) {
      attendance.sequence = ((await this.attendances.maximum('sequence', { employeeId })) ?? 0) + 1;
      try {
        return await insertPunch(this.parts.statements, attendance, 0);
      } catch (error) {
        if (!(error instanceof PunchRace) || attempt === RACE_ATTEMPTS) throw error;
        // Another run of the demo has written this very punch, and its photo to the same place.
        if (await this.attendances.existsBy({ employeeId, requestId })) return true;
      }
    }
  }

  /** Each photo is looked at once, however many punches have it. */
  private look(name: string): Promise<Seen> {
    const known = this.seen.get(name);
    if (known !== undefined) return known;
    const looked = this.lookAt(name);
    this.seen.set(name, looked);
    return looked;
  }

  private async lookAt(name: string): Promise<Seen> {
    const { storage, reader, photo: read } = this.parts;
    const imageBase64 = (await read(name)).toString('base64');
    const [photo] = await storage.readPhotos({ imageBase64 });
    const reading = await reader.look(photo as Photo, 'frontal');
    if (reading.kind === 'NOT_USABLE') {
      throw new OperatorError(`Could not use ${name}: ${FACE_FAULT_TEXTS[reading.fault].message}`);
    }
    return { photo: photo as Photo, probe: reading.probe };
  }
}
