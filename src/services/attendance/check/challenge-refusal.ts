/** Why a check's challenge does not do. */
export enum ChallengeRefusal {
  /** None was sent, and one is required; found by whoever redeems, never by `redeem`. */
  MISSING = 'MISSING',
  /** No challenge has this token, or it is long gone. */
  UNKNOWN = 'UNKNOWN',
  /** Its time is over, unused. */
  EXPIRED = 'EXPIRED',
  /** Another check took it. */
  USED = 'USED',
  /** It was made for another caller, office or employee, who can still use it. */
  FOREIGN = 'FOREIGN',
  /** It asks for no actions, and they are required; found by whoever redeems. */
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
