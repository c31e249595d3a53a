import type { LivenessAction } from '@rollcall/face-rules';
import type { Logger } from 'pino';
import type { PhotoLook } from '../../faces/engine/face-reader';
import type { HeldLook, NearCopies } from '../../faces/replay/near-copies';
import type { ReplayGuard, HeldSamples } from '../../faces/replay/replay-guard';
import type { Samples } from '../../faces/replay/sample-hash';
import type { Requester } from '../../access/requester';
import { ChallengeRefusal } from './challenge-refusal';
import type { ChallengeService, HeldChallenge, Redeemer } from './challenge-service';
import type { Check } from './check';
import { OUTCOMES, type CheckOutcome, type OutcomeRule } from './outcomes';
import type { RefusedChecks } from './refused-checks';

export interface ReservationServices {
  readonly challenges: ChallengeService;
  readonly replays: ReplayGuard;
  readonly copies: NearCopies;
  readonly refused: RefusedChecks;
  readonly log: Logger;
  /** Whether a check without a challenge, or whose challenge asks for no actions, is refused. */
  readonly required: { readonly challenge: boolean; readonly liveness: boolean };
}

/**
 * What one check uses up: its challenge, its photos and descriptors, and a count of refused faces. After an answer they
 * stay used. After a fault the client sends the check again, so they are given back.
 */
export class Reservation {
  private challenge: HeldChallenge | null = null;
  private readonly samples: HeldSamples[] = [];
  private look: HeldLook = { id: null };
  /**
   * The photos stay used even without an answer: the face had matched and the fault is the client's, or the punch may be
   * there all the same, and a retry has the same requestId.
   */
  keepsSamples = false;

  private readonly by: Redeemer;

  constructor(
    private readonly services: ReservationServices,
    private readonly check: Check,
    private readonly requester: Requester,
  ) {
    const { officeId = null, employeeId = null, requestId = null } = check;
    this.by = { caller: requester.caller, officeId, employeeId, requestId };
  }

  /** Redeems the challenge. @returns the actions that the photos have to show */
  async holdChallenge(token: string | null): Promise<HeldActions> {
    const { challenges, required } = this.services;
    if (token === null) {
      return required.challenge || required.liveness
        ? refusedFor(ChallengeRefusal.MISSING)
        : { status: 'HELD', challenged: false, actions: [] };
    }
    const redemption = await challenges.redeem(token, this.by);
    if (!redemption.accepted) return refusedFor(redemption.refusal);
    this.challenge = redemption.held;
    const { liveness: actions } = redemption;
    if (required.liveness && actions.length === 0) return refusedFor(ChallengeRefusal.WITHOUT_LIVENESS);
    return { status: 'HELD', challenged: true, actions };
  }

  /** @returns whether none of the samples was seen before */
  async holdSamples(samples: Samples): Promise<boolean> {
    const held = await this.services.replays.claim(samples, this.by);
    if (held !== null) this.samples.push(held);
    return held !== null;
  }

  /**
   * @param employeeId row id of whose face the photo shows
   * @returns false for a copy of one of the employee's photos
   */
  async holdLook(look: PhotoLook, employeeId: string): Promise<boolean> {
    const held = await this.services.copies.claim(look, employeeId, this.by);
    if (held !== null) this.look = held;
    return held !== null;
  }

  /** Counts and notes a refusal before the client gets it. @throws Locked; errors of the database */
  async commit(outcome: CheckOutcome): Promise<void> {
    const rule: OutcomeRule = OUTCOMES[outcome.status];
    if (rule.audited !== undefined || rule.counts !== undefined) {
      await this.services.refused.keep(outcome, rule, this.check, this.requester);
    }
  }

  /** Makes the challenge and the samples usable again. */
  async release(error: unknown): Promise<void> {
    const { challenges, replays, copies, refused, log } = this.services;
    refused.noteFault(error, this.check, this.requester, this.keepsSamples);
    const undone = await Promise.allSettled([
      this.challenge === null ? undefined : challenges.giveBack(this.challenge),
      ...(this.keepsSamples
        ? []
        : [...this.samples.map((samples) => replays.release(samples)), copies.release(this.look)]),
    ]);
    for (const step of undone) {
      if (step.status === 'fulfilled') continue;
      log.warn({ err: step.reason as unknown }, 'A failed check has used up its photo or challenge');
    }
  }
}

type HeldActions =
  | { readonly status: 'HELD'; readonly challenged: boolean; readonly actions: readonly LivenessAction[] }
  | Extract<CheckOutcome, { status: 'CHALLENGE_REFUSED' }>;

const refusedFor = (reason: ChallengeRefusal): HeldActions => ({ status: 'CHALLENGE_REFUSED', reason });
