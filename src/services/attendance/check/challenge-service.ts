import { NIL, v7 as uuidv7, validate as isUuid } from 'uuid';
import { folded } from '../../text/folded';
import type { LivenessAction } from '@rollcall/face-rules';
import { foreignKeyViolation } from '../../../database/errors';
import type { Statements } from '../../../database/statements';
import type { Employee } from '../../../entities/employee.entity';
import { badInput, notFound, RollcallError } from '../../../errors';
import type { EmployeeService } from '../../employees/employee-service';
import { hashOf, isToken, newToken } from '../../encryption/tokens';
import { noSuchOffice, type OfficeService } from '../../offices/office-service';
import { ChallengeRefusal } from './challenge-refusal';
import { refuseForeignOffice } from './check';
import { COUNT_OPEN, EXPLAIN, GIVE_BACK, INSERT, PURGE, REDEEM } from './challenge-statements';
import { pickActions } from './liveness-order';

/** What a challenge is made for. */
export interface NewChallenge {
  /** Who asks: nobody else can use it. */
  readonly caller: string;
  /** The check has to name this office, or none if it is null. */
  readonly officeId: string | null;
  /** The company's id of the employee whom the check has to name; null: any employee. */
  readonly employeeId: string | null;
  /** Whether the challenge asks for actions. */
  readonly liveness: boolean;
  /** The office of the kiosk that asks; null or left out: no kiosk. */
  readonly kioskOffice?: string | null;
}

interface IssuedChallenge {
  /** 256 random bits as base64url; here and nowhere else. */
  readonly token: string;
  readonly expiresAt: Date;
  readonly actions: LivenessAction[];
}

/** The check that presents a challenge, as it was sent. */
export interface Redeemer {
  readonly caller: string;
  readonly officeId: string | null;
  /** The company's id. */
  readonly employeeId: string | null;
  /** The check's idempotency key. */
  readonly requestId: string | null;
}

/** A challenge that a check has used. */
export interface HeldChallenge {
  readonly hash: Buffer;
  readonly usedAt: Date;
}

/** `repeated`: the same check used it before and was recorded, so that it is to have its first answer again. */
type Redemption =
  | {
      readonly accepted: true;
      readonly liveness: readonly LivenessAction[];
      readonly repeated: boolean;
      /** For `giveBack`; null: the check that used it was recorded, and it stays used. */
      readonly held: HeldChallenge | null;
    }
  | { readonly accepted: false; readonly refusal: ChallengeRefusal };

/** Long enough to look into a camera and make three moves, too short to hand a token around. */
const CHALLENGE_SECONDS = 120;
/** Open challenges that a caller may have: far more than the people in front of its cameras. */
export const MAX_OPEN_CHALLENGES = 1000;
/** How long an expired challenge is kept, so that a late check gets the reason. */
const KEEP_EXPIRED_MS = 3_600_000;

const refused = (refusal: ChallengeRefusal): Redemption => ({ accepted: false, refusal });

/** Single-use tokens that bind a check to a moment, so a recorded check cannot be sent again. */
export class ChallengeService {
  constructor(
    private readonly statements: Statements,
    private readonly offices: OfficeService,
    private readonly employees: EmployeeService,
    /** Whether photos can be looked at, for the actions that they show. */
    private readonly canProveLiveness: boolean,
    private readonly now: () => Date,
  ) {}

  /**
   * Makes a challenge that is valid for two minutes.
   * @throws RollcallError BAD_USER_INPUT (liveness without the face engine); NOT_FOUND naming officeId or employeeId;
   *   FORBIDDEN for a kiosk that names another office; TOO_MANY_REQUESTS with `retryAfterSeconds` while the caller has
   *   too many open ones
   */
  async create(wanted: NewChallenge): Promise<IssuedChallenge> {
    const { caller, officeId, employeeId, liveness, kioskOffice = null } = wanted;
    refuseForeignOffice(kioskOffice, officeId);
    if (liveness && !this.canProveLiveness) {
      throw badInput('liveness', 'not available: this server does not analyse photos (FACE_WORKERS=0)');
    }
    const office = officeId === null ? null : await this.offices.get(officeId, 'officeId');
    const employee = employeeId === null ? null : await this.claimed(employeeId, kioskOffice);
    const at = this.now();
    await this.refuseTooMany(caller, at);

    const token = newToken();
    const expiresAt = new Date(at.getTime() + CHALLENGE_SECONDS * 1000);
    const actions = liveness ? pickActions() : [];
    const row = [
      uuidv7(),
      hashOf(token),
      caller,
      office?.id ?? null,
      employee?.id ?? null,
      JSON.stringify(actions),
    ];
    try {
      await this.statements.run('insert-challenge', INSERT, [...row, at, expiresAt]);
    } catch (error) {
      // Removed in this very moment.
      const key = foreignKeyViolation(error);
      if (key === 'challenges_office_id_fkey') throw noSuchOffice('officeId');
      if (key === 'challenges_employee_id_fkey') throw noSuchEmployee();
      throw error;
    }
    return { token, expiresAt, actions };
  }

  /**
   * The employee for whom a challenge is made. A kiosk must not learn whether an employee exists. If it may not check the
   * employee, it gets a challenge for any employee, and the check decides.
   * @throws RollcallError NOT_FOUND
   */
  private async claimed(employeeId: string, kioskOffice: string | null): Promise<Employee | null> {
    const found = await this.employees.find(employeeId);
    const employee = found?.active === true ? found : null;
    if (kioskOffice === null) {
      if (employee === null) throw noSuchEmployee();
      return employee;
    }
    const { id, allowVisitors } = await this.offices.get(kioskOffice, 'officeId');
    return allowVisitors || employee?.officeId === id ? employee : null;
  }

  /**
   * Uses a challenge up. One statement decides, so one of several racing checks is accepted, also across nodes.
   * A refused attempt changes nothing: nobody can use up another caller's challenge.
   */
  async redeem(token: string, by: Redeemer): Promise<Redemption> {
    // A client may send megabytes: do not hash them.
    if (!isToken(token)) return refused(ChallengeRefusal.UNKNOWN);
    const at = this.now();
    const tokenHash = hashOf(token);
    // An officeId that is no UUID is no office's, and none is bound to the nil UUID.
    const office = by.officeId === null || isUuid(by.officeId) ? by.officeId : NIL;
    const claimed = by.employeeId === null ? null : folded(by.employeeId);
    const binding = [tokenHash, by.caller, office, claimed, by.requestId];
    const [redeemed] = await this.statements.run<{ actions: LivenessAction[] }>('redeem-challenge', REDEEM, [
      ...binding,
      at,
    ]);
    if (redeemed === undefined) return this.explain(binding);
    return {
      accepted: true,
      liveness: redeemed.actions,
      repeated: false,
      held: { hash: tokenHash, usedAt: at },
    };
  }

  /** Makes a challenge unused again, for a check that ended in a fault and will be sent again. */
  async giveBack(held: HeldChallenge): Promise<void> {
    await this.statements.run('give-back-challenge', GIVE_BACK, [held.hash, held.usedAt]);
  }

  /** Deletes those that expired more than an hour ago, used or not. */
  async purge(): Promise<void> {
    const before = new Date(this.now().getTime() - KEEP_EXPIRED_MS);
    await this.statements.run('purge-challenges', PURGE, [before]);
  }

  /** Why a challenge could not be used. Read after the attempt, because only then a race is decided. */
  private async explain(binding: readonly unknown[]): Promise<Redemption> {
    const [challenge] = await this.statements.run<{
      actions: LivenessAction[];
      bound: boolean;
      used: boolean;
      repeated: boolean;
    }>('explain-challenge', EXPLAIN, binding);
    if (challenge === undefined) return refused(ChallengeRefusal.UNKNOWN);
    const { actions, bound, used, repeated } = challenge;
    // First, so that a stranger learns nothing about its use.
    if (!bound) return refused(ChallengeRefusal.FOREIGN);
    if (repeated) return { accepted: true, liveness: actions, repeated, held: null };
    return refused(used ? ChallengeRefusal.USED : ChallengeRefusal.EXPIRED);
  }

  /** Challenges made at the same moment do not see each other: a few more than the limit are no harm. */
  private async refuseTooMany(caller: string, at: Date): Promise<void> {
    const [open] = await this.statements.run<{ count: number; earliest: Date | null }>(
      'count-open-challenges',
      COUNT_OPEN,
      [caller, at],
    );
    if (open === undefined || open.earliest === null || open.count < MAX_OPEN_CHALLENGES) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((open.earliest.getTime() - at.getTime()) / 1000));
    throw new RollcallError(
      'TOO_MANY_REQUESTS',
      `Too many open challenges (${MAX_OPEN_CHALLENGES}); use them, or wait until one expires`,
      { retryAfterSeconds },
    );
  }
}

const noSuchEmployee = (): RollcallError => notFound('employeeId', 'active employee not found');
