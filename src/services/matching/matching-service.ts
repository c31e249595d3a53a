import type { Descriptor } from './descriptor';
import type { Candidate, Gallery, SearchOptions } from './gallery';

/** What came of comparing a probe with one claimed employee. */
export interface Verification {
  readonly matches: boolean;
  /** Cosine with the best of the employee's templates; null where the employee has none. */
  readonly similarity: number | null;
}

/** What came of looking for a probe among all employees. */
export type IdentificationOutcome =
  | { readonly recognized: true; readonly employee: string; readonly similarity: number }
  | { readonly recognized: false; readonly similarity: number | null; readonly ambiguous: boolean };

/** Decides whose face a probe is. The gallery scores; thresholds and decisions are here. */
export class MatchingService {
  constructor(
    private readonly gallery: Gallery,
    /** Cosine from which on two descriptors are one person's; equality matches. */
    readonly threshold: number,
    /** How far the best employee must lead the next one in an identification. */
    readonly margin: number,
  ) {}

  /** One to one: is the probe the face of this employee (row id)? */
  verify(employee: string, probe: Descriptor): Verification {
    const similarity = this.gallery.verify(employee, probe);
    // Not `similarity < threshold`: a NaN must never match.
    return { matches: similarity !== null && similarity >= this.threshold, similarity };
  }

  /** The employees whose face this is, best first; at most `count` of them. */
  async matches(probe: Descriptor, count: number): Promise<readonly Candidate[]> {
    const nearest = await this.gallery.search(probe, count);
    return nearest.filter(({ similarity }) => similarity >= this.threshold);
  }

  /**
   * One to many: the best employee must reach the threshold and lead the runner-up, another person, by the margin;
   * two people who are too close to call are nobody, since a wrong punch is worse than a second try.
   */
  async identify(probe: Descriptor, options: SearchOptions = {}): Promise<IdentificationOutcome> {
    const found = await this.gallery.identify(probe, options);
    if (found === null) return { recognized: false, similarity: null, ambiguous: false };
    const { best, runnerUp } = found;
    if (!(best.similarity >= this.threshold)) {
      return { recognized: false, similarity: best.similarity, ambiguous: false };
    }
    if (runnerUp !== null && !(best.similarity - runnerUp.similarity >= this.margin)) {
      return { recognized: false, similarity: best.similarity, ambiguous: true };
    }
    return { recognized: true, employee: best.employee, similarity: best.similarity };
  }
}
