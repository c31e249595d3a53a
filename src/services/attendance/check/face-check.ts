import type { Statements } from '../../../database/statements';
import { LockoutKind } from '../../../entities/lockout.entity';
import type { Office } from '../../../entities/office.entity';
import { RollcallError, unavailable } from '../../../errors';
import { visitOf, type LockoutService } from '../../access/lockout-service';
import { distanceMeters, type Position } from './geofence';
import type { FaceProbe } from '../../faces/engine/face-probe';
import type { GallerySync } from '../../faces/matching/gallery-sync';
import type { MatchingService } from '../../faces/matching/matching-service';
import type { OfficeService } from '../../offices/office-service';
import type { Check } from './check';
import type { CheckOutcome, Matched } from './check-outcome';
import { readSubject, type CheckCircumstances, type CheckSubject, type SubjectKey } from './check-subject';
import type { Checker } from './checker';

/** How often a face is looked for anew because templates changed meanwhile, which takes milliseconds each time. */
const IDENTIFY_ATTEMPTS = 20;

/** Decides whose face a check shows, against a gallery that is never older than the row it reads. */
export class FaceCheck {
  constructor(
    private readonly statements: Statements,
    private readonly matching: MatchingService,
    private readonly gallerySync: GallerySync,
    private readonly offices: OfficeService,
    private readonly lockouts: LockoutService,
  ) {}

  /**
   * One to one where an employee is claimed, one to many otherwise.
   * @throws RollcallError NOT_FOUND for an office that is not there; TOO_MANY_REQUESTS while the employee or the caller
   *   is locked; FORBIDDEN for a kiosk without an office; UNAVAILABLE while templates change without pause
   */
  match(
    check: Check,
    probe: FaceProbe,
    position: Position | null,
    checker: Checker,
  ): Promise<CheckOutcome | Matched> {
    return check.employeeId == null
      ? this.identify(check, probe, position, checker)
      : this.verify(check, check.employeeId, probe, position, checker);
  }

  private async verify(
    check: Check,
    employeeId: string,
    probe: FaceProbe,
    position: Position | null,
    checker: Checker,
  ): Promise<CheckOutcome | Matched> {
    const { galleryVersion, subject, ...rest } = await this.read({ employeeId }, check, checker);
    // Before anything is decided: that this takes a while says nothing of whether there is such an employee.
    await this.gallerySync.reach(galleryVersion);
    if (subject === null) return { status: 'EMPLOYEE_NOT_FOUND' };
    const place = this.placeOf(subject, rest, checker);
    const { matches, similarity, threshold } = this.matching.verify(subject.employee.id, probe);
    if (place === null) return this.elsewhere(subject, matches, checker);
    const { visiting } = place;
    const distance = distanceTo(visiting ?? subject.employee.office, position);
    if (!matches || similarity === null) {
      const { id: employee } = subject.employee;
      return { status: 'FACE_MISMATCH', employee, similarity, distance, threshold };
    }
    return { status: 'MATCHED', subject, similarity, position, distance, visiting };
  }

  /**
   * The gallery in memory proposes, and the statement that reads the person's row says whether the gallery was
   * current: if not, it is brought up to date and asked again, so no removed template ever decides.
   */
  private async identify(
    check: Check,
    probe: FaceProbe,
    position: Position | null,
    checker: Checker,
  ): Promise<CheckOutcome | Matched> {
    const scope = await this.scopeOf(check, checker);
    for (let attempt = 0; attempt < IDENTIFY_ATTEMPTS; attempt++) {
      const { version } = this.gallerySync;
      const found = await this.matching.identify(probe, { scope });
      const key = { rowId: found.recognized ? found.employee : null };
      const { galleryVersion, subject, ...rest } = await this.read(key, check, checker);
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
      const place = this.placeOf(subject, rest, checker);
      // Another office's since a moment ago: the face was looked for among the people of this one.
      if (place === null) return this.elsewhere(subject, true, checker);
      const { visiting } = place;
      const distance = distanceTo(visiting ?? subject.employee.office, position);
      return { status: 'MATCHED', subject, similarity: found.similarity, position, distance, visiting };
    }
    throw unavailable('Too many enrolments during this search; try again');
  }

  /** Among whom a face is looked for: an office's people, or everybody (null). A kiosk looks among its own. */
  private async scopeOf({ officeId }: Check, { kioskOffice }: Checker): Promise<string | null> {
    // A kiosk names its own office at most, which says nothing of visitors.
    if (kioskOffice === null) {
      return officeId == null ? null : (await this.offices.get(officeId, 'officeId')).id;
    }
    const office = await this.offices.get(kioskOffice, 'officeId');
    return office.allowVisitors ? null : office.id;
  }

  /** null: the employee may not punch here at all. @throws RollcallError TOO_MANY_REQUESTS */
  private placeOf(
    { employee, lockedUntil, sameRequest }: CheckSubject,
    { kiosk }: Pick<CheckCircumstances, 'kiosk'>,
    { kioskOffice }: Checker,
  ): Place | null {
    const here = kioskOffice === null || employee.officeId === kioskOffice;
    if (!here && kiosk?.allowVisitors !== true) return null;
    // The retry of a punch that is recorded waits for nobody.
    if (sameRequest?.employee !== employee.id) this.lockouts.refuseLocked(LockoutKind.EMPLOYEE, lockedUntil);
    return { visiting: here ? null : kiosk };
  }

  /**
   * Who may not punch at a kiosk is told so by their own face only. Whoever tries employeeIds there learns nothing of
   * other offices' people, a lock included: while it lasts the right face is not told either. Nor do their refused
   * faces count for the employee, or any tablet could keep people of the whole company from punching: they count for
   * this tablet and the employee together, and lock the two for each other.
   */
  private async elsewhere(
    { employee, lockedUntil }: CheckSubject,
    matches: boolean,
    { lockable }: Checker,
  ): Promise<CheckOutcome> {
    const told =
      matches &&
      this.lockouts.lockedBy(LockoutKind.EMPLOYEE, lockedUntil) === null &&
      (lockable === null ||
        !(await this.lockouts.isLocked(LockoutKind.VISIT, visitOf(employee.id, lockable))));
    return told ? { status: 'OTHER_OFFICE' } : { status: 'EMPLOYEE_NOT_FOUND', elsewhere: employee.id };
  }

  private async read(key: SubjectKey, { requestId }: Check, checker: Checker) {
    const read = await readSubject(this.statements, key, requestId ?? null, checker);
    if (checker.kioskOffice !== null && read.kiosk === null) {
      throw new RollcallError('FORBIDDEN', "The kiosk's office was deleted");
    }
    this.lockouts.refuseLocked(LockoutKind.KEY, read.callerLockedUntil);
    return read;
  }
}

interface Place {
  /** The office where the employee is a visitor; null: it is their own, or nobody says which. */
  readonly visiting: Office | null;
}

/** Metres between the position and the office; null where either is unknown. */
function distanceTo(office: Office | null | undefined, position: Position | null): number | null {
  if (position === null || office?.latitude == null || office.longitude == null) return null;
  return distanceMeters(position, { latitude: office.latitude, longitude: office.longitude });
}
