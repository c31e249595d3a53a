import type { Api, Check, Challenge, CheckResult, KioskSettings, LivenessAction } from '../api';
import { isFault } from '../shared/faults';
import type { Position } from '../shared/position';

/** Of what the server asks the page to wait and try again, what nobody at the door would notice. */
const SHORT_WAIT_MS = 5000;
const SHORT_WAITS = 2;
/** A server that asks for a challenge, then for actions has been learnt in two refusals. */
const LESSONS = 3;

/** What is checked: the photos of one moment. */
export interface Subject {
  readonly photo: Blob;
  readonly employeeId: string | null;
  readonly position: Position | null;
}

/** A check while it is made. */
export interface Attempt {
  check: Check;
}

/** Has the person do what a challenge asks for. @returns a photo for each action */
export type Perform = (actions: readonly LivenessAction[]) => Promise<Blob[]>;

/** Makes checks the way this server wants them, which it learns from the settings and from refusals. */
export class Checker {
  private requireChallenge: boolean;
  private requireLiveness: boolean;

  constructor(
    private readonly api: Api,
    private readonly settings: KioskSettings,
  ) {
    this.requireChallenge = settings.requireChallenge;
    this.requireLiveness = settings.requireLiveness;
  }

  /** Whether a punch can be stored and sent later: only the server can create challenges. */
  get canWait(): boolean {
    return !this.requireChallenge && !this.requireLiveness;
  }

  /** A check for the subject, for now or for later. */
  draft({ employeeId, position }: Subject): Check {
    return {
      requestId: crypto.randomUUID(),
      employeeId,
      officeId: employeeId === null ? (this.settings.office?.id ?? null) : null,
      position,
      challenge: null,
      faceDescriptor: null,
      capturedAt: null,
      clockOffsetMs: this.api.reach.clock.offsetMs(),
      timeBeacon: this.api.reach.beacon.current(),
    };
  }

  /**
   * @param attempt gets what was sent last: if the outcome is unknown, that check is to be sent again
   * @param perform called when the person has to do something
   * @throws ApiFault
   */
  async send(attempt: Attempt, { photo }: Subject, perform: Perform): Promise<CheckResult> {
    const draft = attempt.check;
    let requestId = draft.requestId;
    for (let lesson = 1; ; lesson++) {
      const challenge = await this.challenge(draft);
      const actions =
        challenge !== null && challenge.actions.length > 0 ? await perform(challenge.actions) : [];
      const check: Check = {
        ...draft,
        requestId,
        challenge: challenge?.token ?? null,
      };
      attempt.check = check;
      const result = await patiently(() => this.api.check(check, photo, actions));
      if (lesson === LESSONS || !this.learnt(result)) return result;
      // Another check than the one that was refused.
      requestId = crypto.randomUUID();
      attempt.check = { ...draft, requestId };
    }
  }

  private async challenge({ employeeId, officeId }: Check): Promise<Challenge | null> {
    if (!this.requireChallenge && !this.requireLiveness) return null;
    return await patiently(() => this.api.createChallenge(employeeId, officeId, this.requireLiveness));
  }

  private learnt(result: CheckResult): boolean {
    if (result.__typename !== 'ChallengeRefused') return false;
    const { challengeRefusal } = result;
    if (challengeRefusal === 'MISSING' && !this.requireChallenge) {
      this.requireChallenge = true;
      return true;
    }
    if (challengeRefusal === 'WITHOUT_LIVENESS' && !this.requireLiveness) {
      this.requireLiveness = true;
      return true;
    }
    return false;
  }
}

/** Waits if the server says for how long and that is short. The request is the same: it counts once. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return await ask();
    } catch (error) {
      const wait = isFault(error, 'UNAVAILABLE', 'TOO_MANY_REQUESTS') ? error.retryAfterMs : null;
      if (wait === null || wait > SHORT_WAIT_MS || waits >= SHORT_WAITS) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
