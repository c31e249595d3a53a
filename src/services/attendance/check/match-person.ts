import { NIL } from 'uuid';
import type { Statements } from '../../../database/statements';
import { LockoutKind } from '../../../entities/lockout.entity';
import type { Office } from '../../../entities/office.entity';
import { RollcallError, unavailable } from '../../../errors';
import { visitOf } from '../../access/locked';
import type { LockoutService } from '../../access/lockout-service';
import type { Requester } from '../../access/requester';
import type { FaceProbe } from '../../faces/engine/face-probe';
import type { GallerySync } from '../../faces/matching/gallery-sync';
import { type Comparison, isMatch, NOT_COMPARED } from '../../faces/matching/comparison';
import type { MatchingService } from '../../faces/matching/matching-service';
import { Verdict } from '../../faces/matching/verdict';
import type { FaceReindex } from '../../faces/reindex/face-reindex';
import type { OfficeService } from '../../offices/office-service';
import type { Photo } from '../../photos/input/photo-reader';
import type { Check } from './check';
import { readSubject, type CheckSubject } from './check-subject';
import { placeOf, type Position } from './geofence';
import type { CheckOutcome } from './outcomes';
import type { SamePhoto } from './same-photo';

/** How often a search is repeated because templates changed meanwhile. Each takes milliseconds. */
const IDENTIFY_ATTEMPTS = 20;

/** The face is this employee's, who may punch here. */
export interface Matched {
  readonly status: 'MATCHED';
  readonly subject: CheckSubject;
  /** How alike the face is, and by what it was compared. */
  readonly comparison: Comparison;
  /** The office where the employee is a visitor; null: they punch for their own. */
  readonly visiting: Office | null;
  /** The check was recorded before, and its employee is locked now. The face was not compared. */
  readonly retried?: true;
}

/** An enrolled employee's face cannot be compared with anything that was sent: a person has to look at the photo. */
export class NoTemplate extends RollcallError {
  readonly reason = 'NO_TEMPLATE';

  /** @param employee row id */
  constructor(readonly employee: string) {
    super('CONFLICT', 'No face template of this employee can be compared with the photo', { field: 'image' });
  }
}

/** Decides whose face a check shows, against a gallery that is never older than the row it reads. */
export class PersonMatcher {
  constructor(
    private readonly statements: Statements,
    private readonly matching: MatchingService,
    private readonly gallerySync: GallerySync,
    private readonly offices: OfficeService,
    private readonly lockouts: LockoutService,
    private readonly samePhoto: SamePhoto,
    private readonly reindex: FaceReindex,
  ) {}

  /**
   * One to one if an employee is claimed, one to many otherwise. The gallery in memory proposes, and the statement
   * that reads the person's row says whether the gallery was current: if not, it is brought up to date and asked again,
   * so no removed template ever decides.
   * @throws RollcallError NOT_FOUND for an office that is not there; TOO_MANY_REQUESTS while the employee or the caller
   *   is locked; FORBIDDEN for a kiosk without an office; UNAVAILABLE while templates change without pause, and for a
   *   search while templates are computed with a new model
   */
  async match(
    check: Check,
    probe: FaceProbe,
    { photo, position }: { readonly photo: Photo; readonly position: Position | null },
    requester: Requester,
  ): Promise<CheckOutcome | Matched> {
    const { gallerySync, lockouts, matching, samePhoto, reindex } = this;
    const { employeeId: claimed = null, requestId = null } = check;
    const scope = claimed === null ? await this.scopeOf(check, requester) : null;
    if (claimed === null && probe.server !== null) await reindex.requireComplete();
    for (let attempt = 0; attempt < IDENTIFY_ATTEMPTS; attempt++) {
      const { point } = gallerySync;
      const found = claimed === null ? await matching.identify(probe, { scope }) : null;
      const rowId = found?.employee ?? null;
      const key = claimed === null ? { rowId } : { employeeId: claimed };
      const { gallery, callerLocked, kiosk, subject, elsewhere } = await readSubject(
        this.statements,
        key,
        requestId,
        requester,
      );
      if (requester.kioskOffice !== null && kiosk === null) {
        throw new RollcallError('FORBIDDEN', "The kiosk's office was deleted");
      }
      const callerLock = lockouts.lockOf(LockoutKind.KEY, callerLocked);
      if (callerLock !== null) throw callerLock;
      if (gallery.version !== point?.version || gallery.token !== point.token) {
        // Before anything is decided: that this takes a while says nothing of whether there is such an employee.
        await gallerySync.reach(gallery);
        if (found !== null) continue;
      }
      if (found !== null && !isMatch(found.verdict)) {
        if (found.verdict === Verdict.CONTRADICTION)
          return { status: 'DESCRIPTOR_MISMATCH', ...scoresOf(found) };
        const { threshold, ambiguous } = found;
        return { status: 'FACE_NOT_RECOGNIZED', ...scoresOf(found), threshold, ambiguous };
      }
      if (subject === null) return this.notHere(elsewhere, claimed, probe, requester);
      const { employee, locked, sameRequest } = subject;
      const visiting = kiosk === null || employee.officeId === kiosk.id ? null : kiosk;
      const lock = lockouts.lockOf(LockoutKind.EMPLOYEE, locked);
      if (lock !== null) {
        // The retry of a punch that is recorded gets its answer, for which no face is looked at.
        const retried = sameRequest?.retry === true && (await samePhoto.isOf(sameRequest.punchId, photo));
        if (retried) return { status: 'MATCHED', subject, comparison: NOT_COMPARED, visiting, retried };
        if (found !== null) {
          return whileLocked(employee.id, await matching.identify(probe, { scope }, employee.id));
        }
        throw lock;
      }
      const comparison = found ?? matching.verify(employee.id, probe);
      // An employee whose templates are still those of an earlier model does not wait for everybody's. A part of them may be too
      // few for a match.
      const matches = isMatch(comparison.verdict);
      const old = probe.server !== null && (comparison.scores.server === null || !matches);
      if (old && (await this.recomputed(employee.id, comparison))) continue;
      if (matches) return { status: 'MATCHED', subject, comparison, visiting };
      const office = visiting ?? employee.office ?? null;
      const { distance: distanceFromOffice } = placeOf(office, position, requester.device);
      const refused = { employee: employee.id, ...scoresOf(comparison), distanceFromOffice };
      if (comparison.verdict === Verdict.CONTRADICTION) return { status: 'DESCRIPTOR_MISMATCH', ...refused };
      return { status: 'FACE_MISMATCH', ...refused, threshold: comparison.threshold };
    }
    throw unavailable('Too many enrolments during this search; try again');
  }

  /**
   * Computes what is left of an employee's templates.
   * @returns whether any changed
   * @throws RollcallError UNAVAILABLE while the engine is overloaded; what reading a photo throws, if the employee has no
   *   other template that decides
   */
  private async recomputed(employee: string, { scores }: Comparison): Promise<boolean> {
    try {
      return await this.reindex.person(employee);
    } catch (error) {
      // If a photo cannot be read for long, a wrong face must be counted all the same.
      if (scores.server === null || error instanceof RollcallError) throw error;
      return false;
    }
  }

  /** @throws NoTemplate if the employee (row id) is enrolled */
  async refuseIncomparable(employee: string): Promise<void> {
    if (await this.reindex.isEnrolled(employee)) throw new NoTemplate(employee);
  }

  /** The office whose people are searched; null: everybody. A kiosk searches its own office. */
  private async scopeOf(
    { officeId }: Check,
    { kioskOffice, kioskVisitors }: Requester,
  ): Promise<string | null> {
    // The statement that reads the employee decides whether they may punch here.
    if (kioskVisitors !== null) return kioskVisitors ? null : kioskOffice;
    // A kiosk names its own office at most, which says nothing of visitors.
    const named = kioskOffice ?? officeId;
    if (named == null) return null;
    const office = await this.offices.get(named, 'officeId');
    return kioskOffice !== null && office.allowVisitors ? null : office.id;
  }

  /**
   * The answer about an employee who may not punch at this kiosk. Only their own face gets OTHER_OFFICE. A person who
   * tries employeeIds learns nothing about people of other offices, not even a lock: during a lock the right face gets
   * the answer of an unknown employee too. Refused faces do not count for the employee, because then any tablet could
   * lock out the whole company. They count for this tablet and employee together, and lock only that pair. An unknown
   * employeeId takes the same steps, so the time of the answer says nothing.
   * @param elsewhere row id of the employee; null: there is none
   */
  private async notHere(
    elsewhere: string | null,
    claimed: string | null,
    probe: FaceProbe,
    { kioskOffice, lockable }: Requester,
  ): Promise<CheckOutcome> {
    const who = elsewhere ?? claimed?.toLowerCase() ?? null;
    if (kioskOffice === null || who === null) return { status: 'EMPLOYEE_NOT_FOUND' };
    // Found here, and another office's since a moment ago: the face matches all the same.
    const compared = this.matching.verify(elsewhere ?? NIL, probe);
    const matches = isMatch(compared.verdict) || claimed === null;
    const subjects = [{ kind: LockoutKind.EMPLOYEE, subject: elsewhere ?? NIL }];
    if (lockable !== null) subjects.push({ kind: LockoutKind.VISIT, subject: visitOf(who, lockable) });
    const locked = await this.lockouts.isLocked(subjects);
    const known = elsewhere === null ? {} : { elsewhere };
    return matches && !locked ? { status: 'OTHER_OFFICE' } : { status: 'EMPLOYEE_NOT_FOUND', who, ...known };
  }
}

/**
 * The answer to the face of a locked employee: as if the employee were not enrolled, so it does not reveal whose face it
 * is. It counts like the face of a stranger.
 * @param others result of the same search without the employee
 */
const whileLocked = (employee: string, others: Comparison): CheckOutcome => ({
  status: 'FACE_NOT_RECOGNIZED',
  ...scoresOf(others),
  ...{ threshold: others.threshold, ambiguous: false, locked: employee },
});

/** What an answer and the audit trail say of a comparison. */
const scoresOf = ({ similarity, similarityOf, scores, decidedBy }: Comparison) => ({
  ...{ similarity, similarityOf, scores, decidedBy },
});
