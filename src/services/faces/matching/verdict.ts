/** Cosines of a probe with one person's templates; null if nothing was compared. */
export interface Scores {
  /** The client's descriptor with the best of the person's client templates. */
  readonly client: number | null;
  /** The photo with the mean of the person's server templates. */
  readonly server: number | null;
}

/** Cosines from which on two faces are one person's; equality matches. */
export interface Bounds {
  readonly server: number;
  readonly client: number;
  /** From here up to `client`, a descriptor does not contradict a photo that matches. */
  readonly clientDoubt: number;
}

/** What two scores say together. */
export enum Verdict {
  MATCH = 'MATCH',
  /** The photo matches; the descriptor is near, but not near enough to match by itself. */
  DOUBTFUL_MATCH = 'DOUBTFUL_MATCH',
  /** Not this person's face. */
  MISMATCH = 'MISMATCH',
  /** The photo and the descriptor say different things. */
  CONTRADICTION = 'CONTRADICTION',
  /** Nothing could be compared. */
  NO_TEMPLATE = 'NO_TEMPLATE',
}

/**
 * What decides. Which of the scores there are depends on FACE_DESCRIPTOR_TRUST: `client` has no server score where a
 * descriptor was sent, `server` never has a client score, `verify` may have both: then the photo decides, and the
 * descriptor must not contradict it.
 */
export function verdictOf({ client, server }: Scores, bounds: Bounds): Verdict {
  // Not `score < bound`: a NaN must never match.
  const descriptorMatches = client !== null && client >= bounds.client;
  if (server === null) {
    if (client === null) return Verdict.NO_TEMPLATE;
    return descriptorMatches ? Verdict.MATCH : Verdict.MISMATCH;
  }
  const photoMatches = server >= bounds.server;
  if (client === null) return photoMatches ? Verdict.MATCH : Verdict.MISMATCH;
  if (!photoMatches) return descriptorMatches ? Verdict.CONTRADICTION : Verdict.MISMATCH;
  if (descriptorMatches) return Verdict.MATCH;
  return client >= bounds.clientDoubt ? Verdict.DOUBTFUL_MATCH : Verdict.CONTRADICTION;
}
