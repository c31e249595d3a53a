import { validate as isUuid } from 'uuid';
import type { Config } from '../../config/config';
import type { DataSource } from 'typeorm';
import type { Statements } from '../../database/statements';
import { LockoutKind } from '../../entities/lockout.entity';
import { badInput, notFound } from '../../errors';
import type { Actor } from '../audit/actor';
import type { AuditDetails } from '../audit/audit-hash';
import { recordAudit } from '../audit/audit-log';
import type { EmployeeService } from '../employees/employee-service';
import { Locked, type LockInForce, type LockSubject, type LockTimes } from './locked';
import { CLEAR, COUNT_FAILURE, FORGET, LIST, PURGE, READ_LOCKS } from './lockout-statements';

/** The first lock; each further refusal doubles it. Long enough to end guessing, short enough for a bad photo. */
const FIRST_LOCK_SECONDS = 30;
const LONGEST_LOCK_SECONDS = 3600;
/** Refusals are forgotten a day after the last one. */
const KEEP_MS = 86_400_000;

interface CountedFailure {
  readonly begun: readonly LockInForce[];
  readonly withheld: Locked | null;
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

interface LockRow extends LockSubject {
  readonly daily: boolean;
  readonly failures: number;
  readonly locked_until: Date | null;
}

/** The lock in a row, if there is one. */
const inForce = ({ kind, subject, daily, failures, locked_until: lockedUntil }: LockRow): LockInForce[] =>
  lockedUntil === null ? [] : [{ kind, subject, daily, failures, lockedUntil }];

/**
 * Ends guessing: after too many refused faces the checks of an employee, or those of a caller, are not taken for a
 * while. Kept in the database, so that it holds on every node. A check that matches costs no statement for it: its
 * lock is read with the employee's row, see attendance/check-subject.ts.
 */
export class LockoutService {
  /** How many refused faces are too many: in a row or a short window, and in a day. 0: no limit. */
  private readonly limits: Readonly<Record<LockoutKind, { readonly short: number; readonly daily: number }>>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
    private readonly employees: EmployeeService,
    private readonly settings: Config['checks']['lockout'],
    private readonly now: () => Date,
  ) {
    const { employeeFailures, keyFailures, employeeFailuresPerDay, keyFailuresPerDay } = settings;
    this.limits = {
      EMPLOYEE: { short: employeeFailures, daily: employeeFailuresPerDay },
      KEY: { short: keyFailures, daily: keyFailuresPerDay },
      // A visit has no limit of a day: it counts for the key as well.
      VISIT: { short: employeeFailures, daily: 0 },
    };
  }

  /**
   * The lock that lasts at a moment, the daily one first, which needs HR; null: there is none.
   * @param times as a check's row says
   */
  lockOf(kind: LockoutKind, { until, dailyUntil }: LockTimes, at = this.now()): Locked | null {
    const { short, daily } = this.limits[kind];
    if (daily > 0 && dailyUntil !== null && dailyUntil > at) return new Locked(kind, true, dailyUntil, at);
    if (short > 0 && until !== null && until > at) return new Locked(kind, false, until, at);
    return null;
  }

  /** Whether one of these is locked. For locks that the check has not read already. */
  async isLocked(subjects: readonly LockSubject[]): Promise<boolean> {
    const times = await this.timesOf(subjects);
    const at = this.now();
    return subjects.some((subject) => this.lockOf(subject.kind, times(subject), at) !== null);
  }

  /**
   * Counts a refused face for each of these, or for none if the database fails: a client that sends the
   * check again must not be counted twice.
   * @param office of the key that sent the check; null: none
   * @returns the locks that begin with it; and the error to answer with if one was locked while the face was
   *   compared: of a volley that is sent at once, no more than the limit may learn anything
   */
  async countFailure(
    subjects: readonly LockSubject[],
    office: string | null = null,
  ): Promise<CountedFailure> {
    const counting = subjects.flatMap((subject) =>
      [false, true]
        .filter((daily) => this.limits[subject.kind][daily ? 'daily' : 'short'] > 0)
        .map((daily) => ({ ...subject, daily })),
    );
    if (counting.length === 0) return { begun: [], withheld: null };
    const { employeeFailures, keyFailures, windowSeconds, employeeFailuresPerDay, keyFailuresPerDay } =
      this.settings;
    const at = this.now();
    const counted = await this.statements.run<LockRow>('count-refused-face', COUNT_FAILURE, [
      ...[counting.map(({ kind }) => kind), counting.map(({ subject }) => subject)],
      ...[counting.map(({ daily }) => daily), at, employeeFailures, keyFailures, windowSeconds],
      ...[FIRST_LOCK_SECONDS, LONGEST_LOCK_SECONDS, employeeFailuresPerDay, keyFailuresPerDay, office],
    ]);
    const isCounted = ({ kind, subject, daily }: (typeof counting)[number]): boolean =>
      counted.some((row) => row.kind === kind && row.subject === subject && row.daily === daily);
    // The lock of a visit is never answered: the answer is the same with it and without.
    const withheldFor = counting.filter((each) => each.kind !== LockoutKind.VISIT && !isCounted(each));
    const times = withheldFor.length === 0 ? null : await this.timesOf(withheldFor);
    let withheld: Locked | null = null;
    for (const each of withheldFor) {
      // By the time of the count, or one that ends just now would let an uncounted guess pass. Lifted in this very
      // moment it is not there.
      withheld ??= times === null ? null : this.lockOf(each.kind, times(each), at);
    }
    const begun = counted.filter(({ kind }) => kind !== LockoutKind.VISIT).flatMap(inForce);
    return { begun, withheld };
  }

  /** A face of the employee matched: refused ones no longer count as a row. A lock that began meanwhile stays. */
  async forget(employee: string): Promise<void> {
    await this.statements.run('forget-refused-faces', FORGET, [employee, this.now()]);
  }

  /** Locks in force, those that last longest first; at most 1000. */
  async list(): Promise<LockInForce[]> {
    return (await this.statements.run<LockRow>('list-lockouts', LIST, [this.now()])).flatMap(inForce);
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
      const [rows] = await manager.query<[{ locked_until: Date | null }[], number]>(CLEAR, [kind, subject]);
      const at = this.now();
      const lifted = rows.some(({ locked_until: until }) => until !== null && until > at);
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

  /** @returns a function that gives the times of a subject */
  private async timesOf(
    subjects: readonly LockSubject[],
  ): Promise<(subject: Readonly<LockSubject>) => LockTimes> {
    const rows = await this.statements.run<LockRow>('read-lockouts', READ_LOCKS, [
      subjects.map(({ kind }) => kind),
      subjects.map(({ subject }) => subject),
    ]);
    return ({ kind, subject }) => {
      const of = (daily: boolean): Date | null =>
        rows.find((row) => row.kind === kind && row.subject === subject && row.daily === daily)
          ?.locked_until ?? null;
      return { until: of(false), dailyUntil: of(true) };
    };
  }

  /** Deletes counters whose last failed match is a day old. */
  async purge(): Promise<void> {
    await this.statements.run('purge-lockouts', PURGE, [new Date(this.now().getTime() - KEEP_MS)]);
  }
}
