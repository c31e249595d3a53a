import { v5 as uuidv5, validate as isUuid } from 'uuid';
import type { Config } from '../../config/config';
import type { DataSource } from 'typeorm';
import type { Statements } from '../../database/statements';
import { LockoutKind } from '../../entities/lockout.entity';
import { badInput, notFound, RollcallError } from '../../errors';
import type { Actor } from '../audit/actor';
import type { AuditDetails } from '../audit/audit-hash';
import { recordAudit } from '../audit/audit-log';
import type { EmployeeService } from '../employees/employee-service';
import { CLEAR, COUNT_FAILURE, LIST, PURGE, READ_LOCK } from './lockout-statements';

/** The first lock; each further refusal doubles it. Long enough to end guessing, short enough for a bad photo. */
const FIRST_LOCK_SECONDS = 30;
const LONGEST_LOCK_SECONDS = 3600;
/** Refusals are forgotten a day after the last one. */
const KEEP_MS = 86_400_000;

/** A lock that is in force. */
export interface LockInForce {
  readonly kind: LockoutKind;
  /** An employee's row id, or a caller. */
  readonly subject: string;
  readonly failures: number;
  readonly lockedUntil: Date;
}

/** How many refused faces are too many. */
const LIMIT = { EMPLOYEE: 'employeeFailures', KEY: 'keyFailures', VISIT: 'employeeFailures' } as const;

/** Names an employee at one kiosk, and tells nothing of either. */
const VISITS = '5a1c9e5e-6a51-4c1e-9b0e-6d3a3f0f7c11';
export const visitOf = (employeeId: string, caller: string): string =>
  uuidv5(`${employeeId} ${caller}`, VISITS);

/** For whom refused faces are counted. */
export type LockSubject = Pick<LockInForce, 'kind' | 'subject'>;

interface CountedFailure {
  readonly begun: readonly LockInForce[];
  readonly withheld: Locked | null;
}

/** A lockout: checks of the employee are blocked, or all checks of the requester. */
export class Locked extends RollcallError {
  constructor(
    readonly kind: LockoutKind,
    until: Date,
    at: Date,
  ) {
    const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - at.getTime()) / 1000));
    const whose = kind === LockoutKind.EMPLOYEE ? 'for this employee' : 'from this client';
    super(
      'TOO_MANY_REQUESTS',
      `Too many failed matches ${whose}; try again in ${retryAfterSeconds} s, or ask an administrator to call liftLockout`,
      { retryAfterSeconds },
    );
  }
}

/** Whose lock is lifted: one of the two. */
interface Lifted {
  /** The company's id. */
  readonly employeeId: string | null;
  /** A key's id, or a caller as `list` names it. */
  readonly keyId: string | null;
}

interface LiftedLock {
  readonly kind: LockoutKind;
  readonly subject: string;
  readonly employeeId: string | null;
  readonly details: AuditDetails;
}

interface LockRow {
  readonly kind: LockoutKind;
  readonly subject: string;
  readonly failures: number;
  readonly locked_until: Date | null;
}

/** The lock in a row, if there is one. */
const lockOf = ({ kind, subject, failures, locked_until: lockedUntil }: LockRow): LockInForce[] =>
  lockedUntil === null ? [] : [{ kind, subject, failures, lockedUntil }];

/**
 * Ends guessing: after too many refused faces the checks of an employee, or those of a caller, are not taken for a
 * while. Kept in the database, so that it holds on every node. A check that matches costs no statement for it: its
 * lock is read with the employee's row, see attendance/check-subject.ts.
 */
export class LockoutService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
    private readonly employees: EmployeeService,
    private readonly limits: Config['checks']['lockout'],
    private readonly now: () => Date,
  ) {}

  /** @param lockedUntil as a check's row says. @throws Locked */
  refuseLocked(kind: LockoutKind, lockedUntil: Date | null): void {
    const at = this.now();
    if (this.limits[LIMIT[kind]] > 0 && lockedUntil !== null && lockedUntil > at) {
      throw new Locked(kind, lockedUntil, at);
    }
  }

  /** Whether one of these is locked, where a check has not read it already. */
  async isLocked(subjects: readonly LockSubject[]): Promise<boolean> {
    for (const { kind, subject } of subjects) {
      const [row] = await this.statements.run<LockRow>('read-lockout', READ_LOCK, [kind, subject]);
      const until = row?.locked_until ?? null;
      if (this.limits[LIMIT[kind]] > 0 && until !== null && until > this.now()) return true;
    }
    return false;
  }

  /**
   * Counts a refused face for each of these, or for none where the database fails: a client that sends the
   * check again must not be counted twice.
   * @returns the locks that begin with it; and the error to answer with where one was locked while the face was
   *   compared: of a volley that is sent at once, no more than the limit may learn anything
   */
  async countFailure(subjects: readonly LockSubject[]): Promise<CountedFailure> {
    const { employeeFailures, keyFailures, windowSeconds } = this.limits;
    const counting = subjects.filter(({ kind }) => this.limits[LIMIT[kind]] > 0);
    if (counting.length === 0) return { begun: [], withheld: null };
    const at = this.now();
    const counted = await this.statements.run<LockRow>('count-refused-face', COUNT_FAILURE, [
      ...[counting.map(({ kind }) => kind), counting.map(({ subject }) => subject)],
      ...[at, employeeFailures, keyFailures, windowSeconds, FIRST_LOCK_SECONDS, LONGEST_LOCK_SECONDS],
    ]);
    let withheld: Locked | null = null;
    for (const { kind, subject } of counting) {
      // That of a visit is not told of: the answer is the same with it and without.
      if (kind === LockoutKind.VISIT) continue;
      if (counted.some((row) => row.kind === kind && row.subject === subject)) continue;
      const [row] = await this.statements.run<LockRow>('read-lockout', READ_LOCK, [kind, subject]);
      // By the time of the count, or one that ends just now would let an uncounted guess pass. Lifted in this very
      // moment it is not there.
      const until = row?.locked_until ?? null;
      if (until !== null) withheld ??= new Locked(kind, until, at);
    }
    const begun = counted.filter(({ kind }) => kind !== LockoutKind.VISIT).flatMap(lockOf);
    return { begun, withheld };
  }

  /** Forgets the refusals. @returns whether there was a lock in force */
  async clear(kind: LockoutKind, subject: string): Promise<boolean> {
    const [row] = await this.statements.run<{ locked_until: Date | null }>('clear-lockout', CLEAR, [
      kind,
      subject,
    ]);
    return row?.locked_until != null && row.locked_until > this.now();
  }

  /** Locks in force, those that last longest first; at most 1000. */
  async list(): Promise<LockInForce[]> {
    return (await this.statements.run<LockRow>('list-lockouts', LIST, [this.now()])).flatMap(lockOf);
  }

  /**
   * @returns whether there was a lock in force
   * @throws RollcallError BAD_USER_INPUT unless one of the two is given; NOT_FOUND for an employee who is not there
   */
  async lift({ employeeId, keyId }: Lifted, by: Actor): Promise<boolean> {
    if ((employeeId === null) === (keyId === null)) {
      throw badInput('employeeId', 'give exactly one of employeeId and keyId');
    }
    if (keyId !== null) {
      const subject = isUuid(keyId) ? `key:${keyId.toLowerCase()}` : keyId;
      return this.liftOf(
        { kind: LockoutKind.KEY, subject, employeeId: null, details: { locked: subject } },
        by,
      );
    }
    const employee = await this.employees.find(employeeId as string);
    if (employee === null) throw notFound('employeeId', 'employee not found');
    const { id } = employee;
    return this.liftOf({ kind: LockoutKind.EMPLOYEE, subject: id, employeeId: id, details: {} }, by);
  }

  /** The lock is not gone without the note that says who lifted it. */
  private liftOf({ kind, subject, employeeId, details }: LiftedLock, by: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      // TypeORM answers a DELETE with its rows and their number.
      const [[row]] = await manager.query<[{ locked_until: Date | null }[], number]>(CLEAR, [kind, subject]);
      const at = this.now();
      const lifted = row?.locked_until != null && row.locked_until > at;
      const what = { ...details, lifted };
      await recordAudit(manager, {
        ...by,
        action: 'lockout.lift',
        employeeId,
        outcome: 'OK',
        details: what,
        at,
      });
      return lifted;
    });
  }

  /** Deletes counters whose last failed match is a day old. */
  async purge(): Promise<void> {
    await this.statements.run('purge-lockouts', PURGE, [new Date(this.now().getTime() - KEEP_MS)]);
  }
}
