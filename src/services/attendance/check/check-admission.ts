import type { LivenessAction } from '@rollcall/face-rules';
import { ChallengeRefusal } from './challenge-refusal';
import type { ChallengeService } from './challenge-service';
import type { Check } from './check';

/** What a check has to show before anybody looks at its photo. */
interface Requirements {
  /** Whether a check without a challenge is refused (REQUIRE_CHALLENGE). */
  readonly challenge: boolean;
  /** Whether one whose challenge asks for no actions is refused (REQUIRE_LIVENESS). */
  readonly liveness: boolean;
}

/** The check may go on; `actions` are those that its photos have to show. */
export interface Admission {
  readonly status: 'ADMITTED';
  readonly challenged: boolean;
  readonly actions: readonly LivenessAction[];
  /** For a check that ended in a fault: its challenge may be used again. */
  readonly giveBack: () => Promise<void>;
}

export interface ChallengeRefused {
  readonly status: 'CHALLENGE_REFUSED';
  readonly refusal: ChallengeRefusal;
}

const refused = (refusal: ChallengeRefusal): ChallengeRefused => ({ status: 'CHALLENGE_REFUSED', refusal });

/** Redeems a check's challenge. */
export class CheckAdmission {
  constructor(
    private readonly challenges: ChallengeService,
    private readonly required: Requirements,
  ) {}

  /** @param caller who sends the check */
  async admit(
    { challenge, officeId = null, employeeId = null, requestId = null }: Check,
    caller: string,
  ): Promise<Admission | ChallengeRefused> {
    const { required } = this;
    if (challenge == null) {
      return required.challenge || required.liveness
        ? refused(ChallengeRefusal.MISSING)
        : { status: 'ADMITTED', challenged: false, actions: [], giveBack: () => Promise.resolve() };
    }
    const redemption = await this.challenges.redeem(challenge, { caller, officeId, employeeId, requestId });
    if (!redemption.accepted) return refused(redemption.refusal);
    const { liveness: actions, giveBack } = redemption;
    if (required.liveness && actions.length === 0) return refused(ChallengeRefusal.WITHOUT_LIVENESS);
    return { status: 'ADMITTED', challenged: true, actions, giveBack };
  }
}
