/** Two people (indexes of a template set) and the highest similarity of a template of the one to one of the other. */
interface ClosePair {
  readonly first: number;
  readonly second: number;
  similarity: number;
}

/** Keeps the `limit` pairs of people who are nearest to each other; of equal ones those that were offered first. */
export class ClosestPairs {
  private readonly kept: ClosePair[] = [];

  constructor(private readonly limit: number) {}

  offer(first: number, second: number, similarity: number): void {
    const { kept, limit } = this;
    const last = kept[limit - 1];
    // Nearly every pair ends here.
    if (last !== undefined && !(similarity > last.similarity)) return;
    const [low, high] = first < second ? [first, second] : [second, first];
    // People with several templates are offered several times, and are one pair to look at.
    const known = kept.find((pair) => pair.first === low && pair.second === high);
    if (known === undefined) kept.push({ first: low, second: high, similarity });
    else known.similarity = Math.max(known.similarity, similarity);
    kept.sort((a, b) => b.similarity - a.similarity);
    kept.length = Math.min(kept.length, limit);
  }

  /** The nearest first. */
  list(): readonly ClosePair[] {
    return this.kept;
  }
}
