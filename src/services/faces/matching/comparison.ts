import type { Attendance } from '../../../entities/attendance.entity';
import { TemplateSource } from '../../../entities/face-template.entity';
import { SimilarityOf } from '../../../entities/similarity-of';
import type { Thresholds } from './thresholds';
import { type Scores, Verdict, verdictOf } from './verdict';

/** What came of comparing a probe with one person. */
export interface Comparison {
  readonly verdict: Verdict;
  readonly scores: Scores;
  /** The client's score if there is one, else the server's; null: nothing was compared. */
  readonly similarity: number | null;
  readonly similarityOf: SimilarityOf | null;
  /** What this similarity would have to be. */
  readonly threshold: number;
  /** Who computed the descriptor that decided. */
  readonly decidedBy: TemplateSource.CLIENT | TemplateSource.SERVER;
}

/**
 * @param serverBound what the server's score has to be
 * @param looked whether the server has looked at the photo, so that its threshold counts if nothing was compared
 */
export function comparisonOf(
  scores: Scores,
  { client }: Thresholds,
  serverBound: number,
  looked: boolean,
): Comparison {
  const bounds = { server: serverBound, client: client.match, clientDoubt: client.samePerson };
  const byServer = scores.server !== null || (looked && scores.client === null);
  return {
    verdict: verdictOf(scores, bounds),
    scores,
    similarity: scores.client ?? scores.server,
    similarityOf: similarityOf(scores),
    threshold: scores.client === null && looked ? serverBound : client.match,
    decidedBy: byServer ? TemplateSource.SERVER : TemplateSource.CLIENT,
  };
}

function similarityOf({ client, server }: Scores): SimilarityOf | null {
  if (client !== null) return SimilarityOf.CLIENT_DESCRIPTOR;
  return server === null ? null : SimilarityOf.SERVER;
}

/** Of a face that nobody looked at. */
export const NOT_COMPARED: Comparison = {
  verdict: Verdict.NO_TEMPLATE,
  scores: { client: null, server: null },
  similarity: null,
  similarityOf: null,
  threshold: 1,
  decidedBy: TemplateSource.SERVER,
};

/** Whether somebody may pass. */
export const isMatch = (verdict: Verdict): boolean =>
  verdict === Verdict.MATCH || verdict === Verdict.DOUBTFUL_MATCH;

/** The scores of a recorded punch, for a repeated answer. */
export function scoresOfPunch({
  similarity,
  similarityOf,
  descriptorSource,
}: Pick<Attendance, 'similarity' | 'similarityOf' | 'descriptorSource'>): Pick<
  Comparison,
  'similarity' | 'similarityOf'
> {
  if (similarity === null || descriptorSource === TemplateSource.MANUAL) {
    return { similarity, similarityOf: null };
  }
  const decided =
    descriptorSource === TemplateSource.CLIENT ? SimilarityOf.CLIENT_DESCRIPTOR : SimilarityOf.SERVER;
  return { similarity, similarityOf: similarityOf ?? decided };
}
