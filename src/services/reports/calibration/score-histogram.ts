/** Thresholds are counted in steps of this many per 1: finer than anybody configures one. */
export const STEPS = 10_000;

/**
 * Cosines, counted in steps of 1/10,000: however many there are, they take 160 KB, and the count at or above any
 * threshold of that grid is exact, with equality counting as a match as it does in the service.
 */
export class ScoreHistogram {
  size = 0;
  min = Infinity;
  max = -Infinity;
  /** counts[STEPS + k] are the scores from k / STEPS up to, not including, (k + 1) / STEPS. */
  private readonly counts = new Float64Array(2 * STEPS + 1);
  /** Of each of these, how many are there or above; made when it is asked for. */
  private above: Float64Array | null = null;
  private sum = 0;
  private squares = 0;

  /** @param score a cosine, -1 to 1 */
  add(score: number): void {
    let step = Math.floor(score * STEPS);
    // The product may be rounded across a threshold; the comparison the service makes decides.
    if (score < step / STEPS) step -= 1;
    else if (score >= (step + 1) / STEPS) step += 1;
    const index = STEPS + step;
    this.counts[index] = (this.counts[index] as number) + 1;
    this.sum += score;
    this.squares += score * score;
    if (score < this.min) this.min = score;
    if (score > this.max) this.max = score;
    this.size += 1;
  }

  get mean(): number {
    return this.sum / this.size;
  }

  /** Standard deviation of these scores. */
  get deviation(): number {
    return Math.sqrt(Math.max(0, this.squares / this.size - this.mean ** 2));
  }

  /** How many scores are at or above step / STEPS. To be asked once all scores are in. @param step -STEPS to STEPS */
  atLeast(step: number): number {
    let above = 0;
    this.above ??= this.counts
      .toReversed()
      .map((count) => (above += count))
      .reverse();
    return this.above[STEPS + step] as number;
  }

  /** The score that the share `p` of all scores lies below, to a step; within what was observed. */
  quantile(p: number): number {
    let below = 0;
    const index = this.counts.findIndex((count) => (below += count) > p * this.size);
    return index < 0 ? this.max : Math.min(this.max, Math.max(this.min, (index - STEPS) / STEPS));
  }

  /** The scores in bins of `width` steps, those with any. @returns each bin's lower end and count */
  bins(width: number): { from: number; count: number }[] {
    const bins: { from: number; count: number }[] = [];
    for (let start = 0; start < this.counts.length; start += width) {
      const count = this.counts.subarray(start, start + width).reduce((sum, c) => sum + c, 0);
      if (count > 0) bins.push({ from: (start - STEPS) / STEPS, count });
    }
    return bins;
  }
}
