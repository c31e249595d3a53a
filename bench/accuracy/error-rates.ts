import { type ScoreHistogram, STEPS } from '../../src/services/reports/calibration/score-histogram';

/** Similarities of photos of one person, and of different people. */
export interface Scores {
  readonly genuine: ScoreHistogram;
  readonly impostor: ScoreHistogram;
}

interface ErrorRates {
  readonly threshold: number;
  /** Share of the impostors that are at or above the threshold: false matches. */
  readonly fmr: number;
  /** Share of the genuine that are below it: false non-matches. */
  readonly fnmr: number;
}

/** @returns a row for each threshold; NaN if nothing was compared */
export function errorRates({ genuine, impostor }: Scores, thresholds: readonly number[]): ErrorRates[] {
  return thresholds.map((threshold) => {
    const step = Math.round(threshold * STEPS);
    return {
      threshold,
      fmr: impostor.atLeast(step) / impostor.size,
      fnmr: 1 - genuine.atLeast(step) / genuine.size,
    };
  });
}

/**
 * Where false matches and false non-matches are equally frequent: the mean of the two rates at the threshold (of a
 * grid of 1/10,000) at which they differ least. NaN if nothing was compared.
 */
export function equalErrorRate(scores: Scores): ErrorRates & { readonly rate: number } {
  const grid = Array.from({ length: 2 * STEPS + 1 }, (_, k) => (k - STEPS) / STEPS);
  const best = errorRates(scores, grid).reduce((a, b) =>
    Math.abs(b.fmr - b.fnmr) < Math.abs(a.fmr - a.fnmr) ? b : a,
  );
  return { ...best, rate: (best.fmr + best.fnmr) / 2 };
}
