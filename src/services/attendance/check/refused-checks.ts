import { LockoutKind } from '../../../entities/lockout.entity';
import { RollcallError } from '../../../errors';
import { Locked, visitOf, type LockInForce, type LockSubject } from '../../access/locked';
import type { LockoutService } from '../../access/lockout-service';
import type { Requester } from '../../access/requester';
import type { AuditDetails } from '../../audit/audit-hash';
import type { AuditNotes } from '../../audit/audit-notes';
import type { Comparison } from '../../faces/matching/comparison';
import type { Scores } from '../../faces/matching/verdict';
import type { Check } from './check';
import type { CheckOutcome, OutcomeRule } from './outcomes';

/** What is kept of checks that were refused, since somebody may be trying faces. */
export class RefusedChecks {
  constructor(
    private readonly lockouts: LockoutService,
    private readonly notes: AuditNotes,
    private readonly now: () => Date,
  ) {}

  /**
   * Notes the outcome for the audit trail and counts the refused face, before the client gets it. The refusal that reaches
   * the limit begins the lock and is still answered; later ones are withheld. If the count fails, the refusal is in the
   * audit trail all the same; the client gets no outcome and sends the check again.
   * @throws Locked if the employee or the caller was locked meanwhile
   */
  async keep(outcome: CheckOutcome, rule: OutcomeRule, check: Check, by: Requester): Promise<void> {
    const subjects = subjectsOf(rule, outcome, by);
    try {
      const { begun, withheld } = await this.lockouts.countFailure(subjects, by.keyOffice);
      for (const lock of begun) this.noteLock(lock, by);
      // The note of the lock that withholds a refusal is enough for it.
      if (withheld !== null) throw withheld;
    } catch (error) {
      if (!(error instanceof Locked)) this.noteRefusal(outcome, rule, check, by, subjects.length > 0);
      throw error;
    }
    this.noteRefusal(outcome, rule, check, by, subjects.length > 0);
  }

  /**
   * Notes for the audit trail that a check ended in a fault that an attacker may bring about: a lock kept it from being
   * answered, or the face had matched, and the rest of the check was wrong.
   */
  noteFault(error: unknown, { employeeId: claimed = null }: Check, by: Requester, matched: boolean): void {
    if (!(error instanceof RollcallError)) return;
    const note = { action: 'check.refused' as const, outcome: error.code, by, at: this.now() };
    if (error instanceof Locked) {
      const { kind } = error;
      // A locked caller can claim anybody, so the claim says nothing.
      const whom = kind === LockoutKind.EMPLOYEE ? claimed : null;
      this.notes.noteByMinute({ ...note, claimed: whom, details: { reason: kind } });
    } else if (matched) {
      this.notes.note({ ...note, claimed, details: { reason: 'FACE_MATCHED' } });
    }
  }

  /**
   * Notes for the audit trail that a punch was recorded although the descriptor was less like the employee's than a
   * match: the photo decided.
   */
  noteDoubt(
    { scores }: Comparison,
    employeeId: string,
    { employeeId: claimed = null }: Check,
    by: Requester,
  ): void {
    this.notes.note({
      action: 'check.doubtful',
      outcome: 'OK',
      ...{ claimed, employeeId, by, at: this.now() },
      details: bothScores(scores),
    });
  }

  /** @param counted whether it counts towards a lockout */
  private noteRefusal(
    outcome: CheckOutcome,
    rule: OutcomeRule,
    { employeeId: claimed = null }: Check,
    by: Requester,
    counted: boolean,
  ): void {
    if (rule.audited?.(by.kioskOffice !== null) !== true) return;
    const reason = rule.auditReason?.(outcome) ?? null;
    const locked = outcome.status === 'FACE_NOT_RECOGNIZED' ? outcome.locked : undefined;
    const note = {
      action: 'check.refused' as const,
      outcome: outcome.status,
      ...(locked === undefined ? {} : { employeeId: locked }),
      details: {
        ...(reason === null ? {} : { reason }),
        ...bothScores('scores' in outcome ? outcome.scores : undefined),
      },
      ...{ by, at: this.now() },
    };
    // It can be repeated at will with any claim, and nothing of it was examined.
    const idle = outcome.status === 'CHALLENGE_REFUSED' && !counted;
    if (idle) this.notes.noteByMinute({ ...note, claimed: null });
    else this.notes.note({ ...note, claimed });
  }

  private noteLock({ kind, subject, daily, failures, lockedUntil }: LockInForce, by: Requester): void {
    this.notes.note({
      action: 'lockout.begin',
      outcome: 'OK',
      claimed: null,
      ...(kind === LockoutKind.EMPLOYEE ? { employeeId: subject } : {}),
      by,
      details: {
        ...(kind === LockoutKind.KEY ? { locked: subject } : {}),
        failures,
        ...(daily ? { daily } : {}),
        until: lockedUntil.toISOString(),
      },
      at: this.now(),
    });
  }
}

/** Both scores, if both were compared. Two digits, so that alike refusals stay one event. */
function bothScores(scores: Scores | undefined): AuditDetails {
  if (scores?.client == null || scores.server === null) return {};
  const rounded = (score: number): number => Math.round(score * 100) / 100;
  return { descriptorSimilarity: rounded(scores.client), photoSimilarity: rounded(scores.server) };
}

/** Whose refused face it is. A photo that shows no face was not compared with anybody. */
function subjectsOf(
  rule: OutcomeRule,
  outcome: CheckOutcome,
  { lockable, kioskOffice }: Requester,
): LockSubject[] {
  const subjects: LockSubject[] = [];
  const { employee } = outcome as { readonly employee?: string };
  if (
    employee !== undefined &&
    (outcome.status === 'FACE_MISMATCH' || outcome.status === 'DESCRIPTOR_MISMATCH')
  ) {
    subjects.push({ kind: LockoutKind.EMPLOYEE, subject: employee });
  }
  if (lockable === null) return subjects;
  if (outcome.status === 'EMPLOYEE_NOT_FOUND' && outcome.who !== undefined) {
    subjects.push({ kind: LockoutKind.VISIT, subject: visitOf(outcome.who, lockable) });
  }
  if (rule.counts?.(outcome, kioskOffice !== null) === true) {
    subjects.push({ kind: LockoutKind.KEY, subject: lockable });
  }
  return subjects;
}
