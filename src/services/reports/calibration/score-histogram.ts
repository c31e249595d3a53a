/** Thresholds are counted in steps of this many per 1: finer than anybody configures one. */
export const STEPS = 10_000;

/**
 * Cosines, counted in steps of 1/10,000: however many there are, they take 160 KB, and the count at or above any
 * threshold of that grid is exact, with equality counting as a match as it does in the service.
 */
export class ScoreHistogram {
  /** counts[STEPS + k] are the scores from k / STEPS up to, not including, (k + 1) / STEPS. */
  private readonly counts = new Float64Array(2 * STEPS + 1);
  private sum = 0;
  private squares = 0;
  private lowest = Infinity;
  private highest = -Infinity;
  private total = 0;

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
    if (score < this.lowest) this.lowest = score;
    if (score > this.highest) this.highest = score;
    this.total += 1;
  }

  get size(): number {
    return this.total;
  }

  get min(): number {
    return this.lowest;
  }

  get max(): number {
    return this.highest;
  }

  get mean(): number {
    return this.sum / this.total;
  }

  /** Standard deviation of these scores. */
  get deviation(): number {
    return Math.sqrt(Math.max(0, this.squares / this.total - this.mean ** 2));
  }

  /** For every step k: how many scores are at or above k / STEPS. Indexed by `STEPS + k`. */
  cumulative(): Float64Array {
    const result = new Float64Array(this.counts.length);
    let above = 0;
    for (let i = result.length - 1; i >= 0; i--) {
      above += this.counts[i] as number;
      result[i] = above;
    }
    return result;
  }

  /** The score that the share `p` of all scores lies below, to a step; within what was observed. */
  quantile(p: number): number {
    const rank = p * this.total;
    let below = 0;
    for (let i = 0; i < this.counts.length; i++) {
      below += this.counts[i] as number;
      if (below > rank) return Math.min(this.highest, Math.max(this.lowest, (i - STEPS) / STEPS));
    }
    return this.highest;
  }

  /** The scores in bins of `width` steps, those with any. @returns each bin's lower end and count */
  bins(width: number): { readonly from: number; readonly count: number }[] {
    const bins: { from: number; count: number }[] = [];
    for (let start = 0; start < this.counts.length; start += width) {
      let count = 0;
      for (const c of this.counts.subarray(start, start + width)) count += c;
      if (count > 0) bins.push({ from: (start - STEPS) / STEPS, count });
    }
    return bins;
  }
}
