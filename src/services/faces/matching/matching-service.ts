import type { Candidate, SearchOptions } from '@rollcall/gallery';
import type { Descriptor } from '../engine/descriptor';
import type { FaceProbe } from '../engine/face-probe';
import type { Galleries } from './galleries';

/** Cosines from which on two descriptors are one person's; equality matches. */
export interface Thresholds {
  /** Of descriptors as clients send them, and of the server's own of the same model. */
  readonly plain: number;
  /** Of descriptors that only the server computes. */
  readonly aligned: number;
}

/** What came of comparing a probe with one claimed employee. */
interface Verification {
  readonly matches: boolean;
  /** Cosine with the best of the employee's templates; null where the employee has none to compare. */
  readonly similarity: number | null;
  /** What would have been enough. */
  readonly threshold: number;
}

/** The employee whose face it is, and who comes next; null: nobody. */
export interface Recognized {
  readonly recognized: true;
  readonly employee: string;
  readonly similarity: number;
  readonly threshold: number;
  readonly next: Judged | null;
}

/** What came of looking for a probe among all employees. */
type IdentificationOutcome =
  | Recognized
  | {
      readonly recognized: false;
      readonly similarity: number | null;
      readonly threshold: number;
      /** Two different people are too close to call. */
      readonly ambiguous: boolean;
    };

/**
 * Among how many people whose plain template is near, though a better one decides, somebody without a better one is
 * looked for. At a sensible threshold it is a handful; at one that everybody reaches, looking on would take for ever.
 */
const MOST_LOOKED_AT = 1024;

/** An employee near the probe, and the threshold of the model by which they were compared. */
interface Judged {
  /** The employee's row id. */
  readonly employee: string;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
  readonly threshold: number;
}

/** Decides whose face a probe is. The galleries score; thresholds and decisions are here. */
export class MatchingService {
  constructor(
    private readonly galleries: Galleries,
    private readonly thresholds: Thresholds,
    /** How far the best employee must lead the next one in an identification. */
    private readonly margin: number,
  ) {}

  /** One to one: is the probe the face of this employee (row id)? */
  verify(employee: string, { plain, aligned }: FaceProbe): Verification {
    const { galleries, thresholds } = this;
    const byAligned = aligned === null ? null : galleries.aligned.verify(employee, aligned);
    if (byAligned !== null) return judge(byAligned, thresholds.aligned);
    return judge(plain === null ? null : galleries.plain.verify(employee, plain), thresholds.plain);
  }

  /** The employees whose face this is, best first; at most `count` of them. */
  async matches(probe: FaceProbe, count: number): Promise<readonly Judged[]> {
    const nearest = await this.nearest(probe, count, {});
    return nearest.filter(({ similarity, threshold }) => similarity >= threshold);
  }

  /**
   * One to many: the best employee must reach the threshold and lead the runner-up, another person, by the margin;
   * two people who are too close to call are nobody, since a wrong punch is worse than a second try.
   */
  async identify(probe: FaceProbe, options: SearchOptions = {}): Promise<IdentificationOutcome> {
    const [best, runnerUp] = await this.nearest(probe, 2, options);
    if (best === undefined) {
      const threshold = probe.aligned === null ? this.thresholds.plain : this.thresholds.aligned;
      return { recognized: false, similarity: null, threshold, ambiguous: false };
    }
    const { employee, similarity, threshold } = best;
    // Not `similarity < threshold`: a NaN must never match.
    if (!(similarity >= threshold)) return { recognized: false, similarity, threshold, ambiguous: false };
    if (runnerUp !== undefined && !(lead(best, runnerUp) >= this.margin)) {
      return { recognized: false, similarity, threshold, ambiguous: true };
    }
    return { recognized: true, employee, similarity, threshold, next: runnerUp ?? null };
  }

  /**
   * The nearest employees, each compared by the better of the models that they have templates of, ordered by how far
   * they are above their model's threshold.
   */
  private async nearest(
    { plain, aligned }: FaceProbe,
    count: number,
    options: SearchOptions,
  ): Promise<Judged[]> {
    const { galleries, thresholds } = this;
    if (aligned === null) {
      if (plain === null) return [];
      return judged(await galleries.plain.search(plain, count, options), thresholds.plain);
    }
    const [better, others] = await Promise.all([
      galleries.aligned.search(aligned, count, options),
      plain === null ? [] : this.nearestWithoutAligned(plain, count, options),
    ]);
    return [...judged(better, thresholds.aligned), ...judged(others, thresholds.plain)]
      .sort((a, b) => lead(b, a))
      .slice(0, count);
  }

  /**
   * Among the employees whose templates all came from clients. The plain gallery holds everybody, so those who have
   * better templates are left out of what it finds; whoever is too far away to matter is not looked for.
   */
  private async nearestWithoutAligned(
    plain: Descriptor,
    count: number,
    options: SearchOptions,
  ): Promise<Candidate[]> {
    const { galleries, thresholds, margin } = this;
    if (galleries.aligned.size === 0) return galleries.plain.search(plain, count, options);
    const floor = thresholds.plain - margin;
    for (let wanted = 4 * count; ; wanted = Math.min(4 * wanted, MOST_LOOKED_AT)) {
      const found = await galleries.plain.search(plain, wanted, options);
      const others = found.filter(({ key }) => !galleries.aligned.has(key));
      const last = found.at(-1)?.similarity ?? -1;
      const exhausted = found.length < wanted || wanted === MOST_LOOKED_AT || !(last >= floor);
      if (others.length >= count || exhausted) return others.slice(0, count);
    }
  }
}

function judge(similarity: number | null, threshold: number): Verification {
  // Not `similarity < threshold`: a NaN must never match.
  return { matches: similarity !== null && similarity >= threshold, similarity, threshold };
}

const judged = (candidates: readonly Candidate[], threshold: number): Judged[] =>
  candidates.map(({ key, similarity }) => ({ employee: key, similarity, threshold }));

/** How much further `a` is above its threshold than `b` is above its own. */
const lead = (a: Judged, b: Judged): number =>
  a.threshold === b.threshold
    ? a.similarity - b.similarity
    : a.similarity - a.threshold - (b.similarity - b.threshold);
