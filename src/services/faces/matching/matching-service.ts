import type { Candidate, Gallery, SearchOptions } from '@rollcall/gallery';
import type { Descriptor } from '../engine/descriptor';
import type { FaceProbe } from '../engine/face-probe';
import type { Galleries } from './galleries';
import { type Comparison, comparisonOf } from './comparison';
import type { Thresholds } from './thresholds';
import { type Scores, Verdict } from './verdict';

/** What came of looking for a probe among all employees. */
export type Identification = Comparison & {
  /** The employee's row id; null: nobody was found. */
  readonly employee: string | null;
  /** Two different people are too close to call. */
  readonly ambiguous: boolean;
};

/** Another employee whose face a probe is, too. */
interface Duplicate {
  /** The employee's row id. */
  readonly employee: string;
  readonly similarity: number;
  /** Which form of the probe it was found by. */
  readonly by: keyof FaceProbe;
}

/** Decides whose face a probe is. The galleries score; thresholds and decisions are here. */
export class MatchingService {
  constructor(
    private readonly galleries: Galleries,
    private readonly thresholds: Thresholds,
  ) {}

  /** One to one: is the probe the face of this employee (row id)? */
  verify(employee: string, { client, server }: FaceProbe): Comparison {
    const { galleries, thresholds } = this;
    const scores = {
      client: client && galleries.client.verify(employee, client),
      server: server && galleries.server.verify(employee, server),
    };
    return comparisonOf(scores, thresholds, thresholds.server.match, server !== null);
  }

  /** The employees whose face this is, too: at most two for each form of the probe. */
  async duplicates({ client, server }: FaceProbe): Promise<readonly Duplicate[]> {
    const { galleries, thresholds } = this;
    const found = async (by: keyof FaceProbe, search: Promise<Candidate[]>, bound: number) =>
      (await search)
        .filter(({ similarity }) => similarity >= bound)
        .map(({ key, similarity }) => ({ employee: key, similarity, by }));
    const all = [
      ...(server === null
        ? []
        : [found('server', galleries.server.search(server, 2), thresholds.server.duplicate)]),
      ...(client === null
        ? []
        : [found('client', galleries.client.search(client, 2), thresholds.client.match)]),
    ];
    return (await Promise.all(all)).flat();
  }

  /**
   * One to many: the best employee must reach the threshold and lead the runner-up, another person, by the margin;
   * two people who are too close to call are nobody, since a wrong punch is worse than a second try. The photo decides
   * if the server looked at it; who has no template of the server is known by the client's descriptor alone.
   * @param without row id of an employee who is searched for as if they were not enrolled
   */
  async identify(
    { client, server }: FaceProbe,
    options: SearchOptions = {},
    without: string | null = null,
  ): Promise<Identification> {
    const { galleries, thresholds } = this;
    const search = async (by: Gallery, vector: Descriptor | null, threshold: number, margin: number) =>
      vector && leader(othersThan(without, await by.search(vector, 3, options)), threshold, margin);
    const [sent, seen] = await Promise.all([
      search(galleries.client, client, thresholds.client.match, thresholds.client.margin),
      search(galleries.server, server, thresholds.server.identify, thresholds.server.margin),
    ]);
    const judge = (scores: Scores) =>
      comparisonOf(scores, thresholds, thresholds.server.identify, server !== null);
    if (seen?.clear === true) return this.confirmed(seen, sent, client, judge);
    const { verdict, ...compared } = judge({
      client: sent?.similarity ?? null,
      server: seen?.similarity ?? null,
    });
    const ambiguous = seen?.ambiguous === true || (sent?.ambiguous === true && server === null);
    if (sent?.clear === true && !ambiguous) {
      const unseen = server === null || !galleries.server.has(sent.employee);
      if (unseen) return found(sent.employee, judge({ client: sent.similarity, server: null }));
      return { employee: null, ambiguous, ...compared, verdict };
    }
    return { employee: null, ambiguous, ...compared, verdict: Verdict.MISMATCH };
  }

  /** @param seen who the photo shows. @param sent whose descriptor was sent */
  private confirmed(
    seen: Leader,
    sent: Leader | null,
    descriptor: Descriptor | null,
    judge: (scores: Scores) => Comparison,
  ): Identification {
    const own = descriptor && this.galleries.client.verify(seen.employee, descriptor);
    if (own !== null || sent?.clear !== true) {
      return found(seen.employee, judge({ client: own, server: seen.similarity }));
    }
    // The person has no template to compare the descriptor with, and it is somebody else's.
    const compared = judge({ client: sent.similarity, server: seen.similarity });
    return { ...found(seen.employee, compared), verdict: Verdict.CONTRADICTION };
  }
}

const found = (employee: string, comparison: Comparison): Identification => ({
  employee,
  ambiguous: false,
  ...comparison,
});

/** The nearest employee of a search. */
interface Leader {
  readonly employee: string;
  readonly similarity: number;
  /** Reaches the threshold, and leads the next one by the margin. */
  readonly clear: boolean;
  /** Reaches the threshold, but another one is too near. */
  readonly ambiguous: boolean;
}

const othersThan = (without: string | null, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ key }) => key !== without);

function leader([best, next]: readonly Candidate[], threshold: number, margin: number): Leader | null {
  if (best === undefined) return null;
  const near = best.similarity >= threshold;
  // Not `lead < margin`: a NaN must never match.
  const leads = next === undefined || best.similarity - next.similarity >= margin;
  return { employee: best.key, similarity: best.similarity, clear: near && leads, ambiguous: near && !leads };
}
