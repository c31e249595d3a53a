import { LockoutKind } from '../../../entities/lockout.entity';
import {
  Locked,
  visitOf,
  type LockInForce,
  type LockoutService,
  type LockSubject,
} from '../../access/lockout-service';
import { RollcallError } from '../../../errors';
import type { Actor } from '../../audit/actor';
import type { AuditNotes } from '../../audit/audit-notes';
import { ChallengeRefusal } from './challenge-refusal';
import type { Check } from './check';
import { refusalOf, type CheckOutcome } from './check-outcome';
import type { Checker } from './checker';

/** A check, and who sends it. */
interface SentCheck {
  readonly check: Pick<Check, 'employeeId'>;
  readonly checker: Checker;
  /** For the audit trail. */
  readonly by: Actor;
}

const REFUSED_FACES: ReadonlySet<CheckOutcome['status']> = new Set([
  'FACE_MISMATCH',
  'FACE_NOT_RECOGNIZED',
  'DESCRIPTOR_MISMATCH',
  'REPLAY_DETECTED',
  'LIVENESS_FAILED',
]);

/** What is kept of checks that were refused, since somebody may be trying faces. */
export class RefusedChecks {
  constructor(
    private readonly lockouts: LockoutService,
    private readonly notes: AuditNotes,
    private readonly now: () => Date,
  ) {}

  /**
   * Notes the outcome for the audit trail and counts the refused face, before anybody is told of it. The one that is
   * too many begins the lock, and is told; the next ones wait. Should the count fail, whoever guards the door knows of
   * it all the same, and the client, which is told nothing, sends the check again.
   * @throws Locked where the employee or the caller was locked meanwhile
   */
  async keep(outcome: CheckOutcome, { check, checker, by }: SentCheck): Promise<void> {
    const refusal = refusalOf(outcome, checker);
    const claimed = check.employeeId ?? null;
    const subjects = subjectsOf(outcome, checker);
    const note = (): void => {
      if (refusal === null) return;
      const refused = { action: 'check.refused' as const, ...refusal, claimed, by, at: this.now() };
      // It can be repeated at will, with whatever claim, of which nothing was looked at.
      const idle = outcome.status === 'CHALLENGE_REFUSED' && subjects.length === 0;
      if (idle) this.notes.noteByMinute({ ...refused, claimed: null });
      else this.notes.note(refused);
    };
    let withheld: Locked | null;
    try {
      const counted = await this.lockouts.countFailure(subjects);
      for (const lock of counted.begun) this.noteLock(lock, by);
      ({ withheld } = counted);
    } catch (error) {
      note();
      throw error;
    }
    // Of one that is not told there is the note of the lock that withholds it.
    if (withheld !== null) throw withheld;
    note();
  }

  /**
   * Notes for the audit trail that a check ended in a fault that an attacker may bring about: a lock kept it from being
   * answered, or the face had matched, and the rest of the check was wrong.
   */
  noteFault(error: unknown, { check, by }: SentCheck, matched: boolean): void {
    if (matched && error instanceof RollcallError && !(error instanceof Locked)) {
      const claimed = check.employeeId ?? null;
      const details = { reason: 'FACE_MATCHED' };
      this.notes.note({ action: 'check.refused', outcome: error.code, claimed, by, details, at: this.now() });
    }
    if (!(error instanceof Locked)) return;
    const { kind, code: outcome } = error;
    // Of a caller that is locked it says nothing whom they claim, and they can claim anybody.
    const claimed = kind === LockoutKind.EMPLOYEE ? (check.employeeId ?? null) : null;
    const details = { reason: kind };
    this.notes.noteByMinute({ action: 'check.refused', outcome, claimed, by, details, at: this.now() });
  }

  private noteLock({ kind, subject, failures, lockedUntil }: LockInForce, by: Actor): void {
    this.notes.note({
      action: 'lockout.begin',
      outcome: 'OK',
      claimed: null,
      ...(kind === LockoutKind.EMPLOYEE ? { employeeId: subject } : {}),
      by,
      details: {
        ...(kind === LockoutKind.KEY ? { locked: subject } : {}),
        failures,
        until: lockedUntil.toISOString(),
      },
      at: this.now(),
    });
  }
}

/** Whose refused face it is. A photo that shows no face was not compared with anybody. */
function subjectsOf(outcome: CheckOutcome, { lockable, kioskOffice }: Checker): LockSubject[] {
  const subjects: LockSubject[] = [];
  if (outcome.status === 'FACE_MISMATCH') {
    subjects.push({ kind: LockoutKind.EMPLOYEE, subject: outcome.employee });
  }
  if (outcome.status === 'EMPLOYEE_NOT_FOUND' && outcome.elsewhere !== undefined && lockable !== null) {
    subjects.push({ kind: LockoutKind.VISIT, subject: visitOf(outcome.elsewhere, lockable) });
  }
  // A kiosk that is told that there is nobody may be trying faces, or employeeIds, as one that brings the challenge of
  // somebody else.
  const triedIds =
    outcome.status === 'EMPLOYEE_NOT_FOUND' ||
    (outcome.status === 'CHALLENGE_REFUSED' && outcome.refusal === ChallengeRefusal.FOREIGN);
  const tried = REFUSED_FACES.has(outcome.status) || (triedIds && kioskOffice !== null);
  if (lockable !== null && tried) subjects.push({ kind: LockoutKind.KEY, subject: lockable });
  return subjects;
}
