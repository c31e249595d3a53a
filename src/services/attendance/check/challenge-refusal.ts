/** Why the challenge was rejected. */
export enum ChallengeRefusal {
  /** A challenge is required, and none was sent. `redeem` never answers this. */
  MISSING = 'MISSING',
  /** No challenge has this token, or it was deleted. */
  UNKNOWN = 'UNKNOWN',
  /** It expired unused. */
  EXPIRED = 'EXPIRED',
  /** Another check took it. */
  USED = 'USED',
  /** It is for another caller, office or employee, who can still use it. */
  FOREIGN = 'FOREIGN',
  /** Actions are required, and it asks for none. `redeem` never answers this. */
  WITHOUT_LIVENESS = 'WITHOUT_LIVENESS',
}

export const CHALLENGE_TEXTS: Readonly<Record<ChallengeRefusal, string>> = {
  MISSING: 'Challenge required; create one with createChallenge',
  UNKNOWN: 'Challenge not found; create another one',
  EXPIRED: 'Challenge expired; create another one',
  USED: 'Challenge already used; create another one',
  FOREIGN: 'The challenge was made for another check',
  WITHOUT_LIVENESS: 'Challenge with liveness: true required',
};
