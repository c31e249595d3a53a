import { LockoutKind } from '../../entities/lockout.entity';
import { Locked, type LockInForce, type LockoutService, type LockSubject } from '../access/lockout-service';
import type { Actor } from '../audit/actor';
import type { AuditNotes } from '../audit/audit-notes';
import type { Check } from './check';
import { refusalOf, type CheckOutcome } from './check-outcome';
import type { Checker } from './checker';

/** A check, and who sends it. */
export interface SentCheck {
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
   * too many begins the lock, and is told; the next ones wait. The note comes first: should the count fail, whoever
   * guards the door knows of it all the same, and the client, which is told nothing, sends the check again.
   * @throws Locked where the employee or the caller was locked meanwhile
   */
  async keep(outcome: CheckOutcome, { check, checker, by }: SentCheck): Promise<void> {
    const refusal = refusalOf(outcome, checker);
    if (refusal !== null) {
      const claimed = check.employeeId ?? null;
      this.notes.note({ action: 'check.refused', ...refusal, claimed, by, at: this.now() });
    }
    const { begun, withheld } = await this.lockouts.countFailure(subjectsOf(outcome, checker));
    for (const lock of begun) this.noteLock(lock, by);
    if (withheld !== null) throw withheld;
  }

  /** Notes for the audit trail that a lock kept a check from being answered, which a client may try at any rate. */
  noteLocked(error: unknown, { check, by }: SentCheck): void {
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
  // A kiosk that is told that there is nobody may be trying faces, or employeeIds.
  const tried =
    REFUSED_FACES.has(outcome.status) || (outcome.status === 'EMPLOYEE_NOT_FOUND' && kioskOffice !== null);
  if (lockable !== null && tried) subjects.push({ kind: LockoutKind.KEY, subject: lockable });
  return subjects;
}
