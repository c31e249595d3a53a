import { v5 as uuidv5 } from 'uuid';
import { LockoutKind } from '../../entities/lockout.entity';
import { RollcallError } from '../../errors';

/** What refused faces are counted for: an employee's row id, a caller, or a visit. */
export interface LockSubject {
  readonly kind: LockoutKind;
  readonly subject: string;
}

/** A lock that is in force. */
export interface LockInForce extends LockSubject {
  /** Whether the limit of a day was reached; otherwise the limit of a row or of a short window. */
  readonly daily: boolean;
  readonly failures: number;
  readonly lockedUntil: Date;
}

/** Until when somebody is locked, by each of the two counters; null: never locked. */
export interface LockTimes {
  readonly until: Date | null;
  readonly dailyUntil: Date | null;
}

/** An id of an employee at one kiosk. It reveals neither. */
const VISITS = '5a1c9e5e-6a51-4c1e-9b0e-6d3a3f0f7c11';
/** @param who the row id of an employee, or the employeeId that was claimed and that nobody has */
export const visitOf = (who: string, caller: string): string => uuidv5(`${who} ${caller}`, VISITS);

const WHOSE = {
  [LockoutKind.EMPLOYEE]: 'for this employee',
  [LockoutKind.KEY]: 'from this client',
  [LockoutKind.VISIT]: 'from this client',
};

/** A lockout: checks of the employee are blocked, or all checks of the requester. */
export class Locked extends RollcallError {
  constructor(
    readonly kind: LockoutKind,
    readonly daily: boolean,
    until: Date,
    at: Date,
  ) {
    const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - at.getTime()) / 1000));
    const failures = `Too many failed matches ${WHOSE[kind]}`;
    super(
      'TOO_MANY_REQUESTS',
      daily
        ? `${failures} in a day; see HR, who can end the lockout (liftLockout)`
        : `${failures}; try again in ${retryAfterSeconds} s, or ask an administrator to call liftLockout`,
      { retryAfterSeconds, lockout: daily ? 'DAILY' : 'SHORT' },
    );
  }
}
