import type { Config } from '../../config/config';
import { TemplateSource } from '../../entities/face-template.entity';
import { Role } from '../../entities/role';
import type { Requester } from './requester';

/** A score, and what it is about. */
export interface Score {
  /** Cosine, -1 to 1; null: nothing was compared. */
  readonly similarity: number | null;
  /** Whether it was enough. */
  readonly matched: boolean;
  /** What would have been enough, if it was not. */
  readonly threshold?: number | null;
  /** Who computed the descriptors that were compared, as far as known. */
  readonly sources?: readonly (TemplateSource | null | undefined)[];
}

/** The value of a hidden score in fields that cannot be null. */
export const HIDDEN = 1;

const STEP = 100;

/**
 * Two decimals, never more than the score: a hundredth is too coarse to see which way a small change of a vector leads,
 * and a refused face never looks like a match.
 */
export function roundedDown(similarity: number): number {
  const floor = Math.floor(similarity * STEP);
  // 0.29 * 100 is a little less than 29.
  return (floor + 1) / STEP <= similarity ? (floor + 1) / STEP : floor / STEP;
}

/** The same in SQL, for an export to the person. An export always has the scores, for every EXPOSE_SIMILARITY. */
export const roundedDownSql = (column: string): string =>
  `(floor(${column}::numeric * ${STEP}) / ${STEP})::double precision`;

/**
 * Decides what score a caller may see, for every field that has one: a score is a compass, by which a descriptor that
 * matches can be found without the face. docs/design/security.md has the table.
 */
export class VisibleScores {
  /** @param exposure EXPOSE_SIMILARITY */
  constructor(private readonly exposure: Config['checks']['exposeSimilarity']) {}

  /**
   * The score as the caller may see it; null: not at all.
   * @param requester null: a role that may compare faces with enrolled ones (ADMIN or HR)
   */
  of(score: Score, requester: Pick<Requester, 'role'> | null): number | null {
    const { similarity, threshold = null, matched } = score;
    if (similarity === null || !this.shows(score, requester)) return null;
    const shown = roundedDown(Math.min(1, similarity));
    if (matched || threshold === null || shown < threshold) return shown;
    const floor = roundedDown(threshold);
    return floor < threshold ? floor : Math.round(floor * STEP - 1) / STEP;
  }

  /** Whether the caller may see the score, or anything that follows from it. */
  shows(
    { matched, sources = [] }: Pick<Score, 'matched' | 'sources'>,
    requester: Pick<Requester, 'role'> | null,
  ): boolean {
    if (this.exposure === 'never' || (this.exposure === 'match' && !matched)) return false;
    // The tablet's key can send any vector, so the score would lead to one that matches.
    return requester?.role !== Role.KIOSK || !sources.includes(TemplateSource.CLIENT);
  }
}
