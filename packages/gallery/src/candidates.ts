import type { Probe } from './probe';
import type { TemplateRows } from './template-rows';

/** A key and how near the probe is to the best of its templates. */
export interface Candidate {
  readonly key: string;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** Rows with their exact scores, among which the best keys are. */
export interface BestRows {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
}

/** How many rows are kept before those that have fallen behind are thrown out. */
const COMPACT_AT = 256;

/**
 * Scores rows exactly and keeps those that can belong to the best `count` owners. Rows that tie with the last of them
 * stay in: which of these come first is decided by a key that is not known here.
 */
export class Candidates {
  /** What a row has to reach to matter: the score of the last of the best owners, once there are so many. */
  bar = -Infinity;
  private rows: number[] = [];
  private scores: number[] = [];
  private compactAt = COMPACT_AT;
  /** The best owners so far with their best scores, best first. */
  private readonly owners: number[] = [];
  private readonly best: number[] = [];

  /**
   * @param count at least 1
   * @param scope the only one whose rows count; null: all count
   */
  constructor(
    private readonly templates: TemplateRows,
    private readonly probe: Probe,
    private readonly count: number,
    private readonly scope: number | null,
  ) {}

  consider(row: number): void {
    if (this.scope !== null && this.templates.scope(row) !== this.scope) return;
    const score = this.templates.score(row, this.probe);
    // Written so that a NaN is left out.
    if (!(score >= this.bar)) return;
    this.rows.push(row);
    this.scores.push(score);
    this.promote(this.templates.owner(row), score);
    if (this.rows.length >= this.compactAt) this.compact();
  }

  bestRows(): BestRows {
    this.compact();
    return { rows: this.rows, scores: this.scores };
  }

  private promote(owner: number, score: number): void {
    const { owners, best, count } = this;
    let place = owners.indexOf(owner);
    if (place < 0) place = owners.length;
    else if ((best[place] as number) >= score) return;
    // The candidates between the owner's old and new position move down by one.
    for (; place > 0 && (best[place - 1] as number) < score; place--) {
      owners[place] = owners[place - 1] as number;
      best[place] = best[place - 1] as number;
    }
    if (place >= count) return;
    owners[place] = owner;
    best[place] = score;
    if (owners.length > count) {
      owners.pop();
      best.pop();
    }
    if (owners.length === count) this.bar = best[count - 1] as number;
  }

  private compact(): void {
    const { bar, scores } = this;
    this.rows = this.rows.filter((_, i) => (scores[i] as number) >= bar);
    this.scores = scores.filter((score) => score >= bar);
    // Many may tie: then the next time is put off, so that it does not come with every row.
    this.compactAt = Math.max(COMPACT_AT, 2 * this.rows.length);
  }
}

/** The best `count` keys, each with the best of its rows; if scores are equal, in their order as text. */
export function rank({ rows, scores }: BestRows, count: number, keyOf: (row: number) => string): Candidate[] {
  const best = new Map<string, number>();
  rows.forEach((row, i) => {
    const key = keyOf(row);
    best.set(key, Math.max(best.get(key) ?? -Infinity, scores[i] as number));
  });
  return [...best]
    .map(([key, similarity]) => ({ key, similarity }))
    .sort((a, b) => b.similarity - a.similarity || (a.key < b.key ? -1 : 1))
    .slice(0, count);
}
