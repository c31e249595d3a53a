import type { Statements } from '../../database/statements';
import type { Employee } from '../../entities/employee.entity';
import { unavailable } from '../../errors';
import { distanceMeters, type Position } from '../geofence';
import type { FaceProbe } from '../matching/face-probe';
import type { GallerySync } from '../matching/gallery-sync';
import type { MatchingService } from '../matching/matching-service';
import type { OfficeService } from '../office-service';
import type { Check } from './check';
import type { CheckOutcome, Matched } from './check-outcome';
import { readSubject, type SubjectKey } from './check-subject';

/** How often a face is looked for anew because templates changed meanwhile, which takes milliseconds each time. */
const IDENTIFY_ATTEMPTS = 20;

/** Decides whose face a check shows, against a gallery that is never older than the row it reads. */
export class FaceCheck {
  constructor(
    private readonly statements: Statements,
    private readonly matching: MatchingService,
    private readonly gallerySync: GallerySync,
    private readonly offices: OfficeService,
  ) {}

  /**
   * One to one where an employee is claimed, one to many otherwise.
   * @throws RollcallError NOT_FOUND for an office that is not there; UNAVAILABLE while templates change without pause
   */
  match(check: Check, probe: FaceProbe, position: Position | null): Promise<CheckOutcome | Matched> {
    return check.employeeId == null
      ? this.identify(check, probe, position)
      : this.verify(check, check.employeeId, probe, position);
  }

  private async verify(
    check: Check,
    employeeId: string,
    probe: FaceProbe,
    position: Position | null,
  ): Promise<CheckOutcome | Matched> {
    const { galleryVersion, subject } = await this.read({ employeeId }, check);
    if (subject === null) return { status: 'EMPLOYEE_NOT_FOUND' };
    await this.gallerySync.reach(galleryVersion);
    const { matches, similarity, threshold } = this.matching.verify(subject.employee.id, probe);
    const distance = distanceTo(subject.employee, position);
    if (!matches || similarity === null) {
      return { status: 'FACE_MISMATCH', similarity, distance, threshold };
    }
    return { status: 'MATCHED', subject, similarity, position, distance };
  }

  /**
   * The gallery in memory proposes, and the statement that reads the person's row says whether the gallery was
   * current: if not, it is brought up to date and asked again, so no removed template ever decides.
   */
  private async identify(
    check: Check,
    probe: FaceProbe,
    position: Position | null,
  ): Promise<CheckOutcome | Matched> {
    const scope = check.officeId == null ? null : (await this.offices.get(check.officeId, 'officeId')).id;
    for (let attempt = 0; attempt < IDENTIFY_ATTEMPTS; attempt++) {
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
      if (!found.recognized) {
        const { similarity, threshold, ambiguous } = found;
        return { status: 'FACE_NOT_RECOGNIZED', similarity, threshold, ambiguous };
      }
      // Deactivated in this very moment.
      if (subject === null) return { status: 'EMPLOYEE_NOT_FOUND' };
      const distance = distanceTo(subject.employee, position);
      return { status: 'MATCHED', subject, similarity: found.similarity, position, distance };
    }
    throw unavailable('Faces are being enrolled faster than they can be looked for; try again');
  }

  private read(key: SubjectKey, { requestId }: Check) {
    return readSubject(this.statements, key, requestId ?? null);
  }
}

/** Metres between the position and the employee's office; null where either is unknown. */
function distanceTo({ office }: Employee, position: Position | null): number | null {
  if (position === null || office?.latitude == null || office.longitude == null) return null;
  return distanceMeters(position, { latitude: office.latitude, longitude: office.longitude });
}
