import { advise, type Advice } from './advice';
import { falsePositiveIdentification, rateOf, type DerivedRate, type Rate } from './intervals';
import type { Measurement, ScoredPairs } from './measure';
import { notesOn } from './notes';
import { Xoshiro128 } from './random';
import { STEPS, type ScoreHistogram } from './score-histogram';

/** How scores of one kind of pairs are spread. */
export interface Distribution {
  /** Pairs that there are, and how many of them were compared. */
  readonly population: number;
  readonly compared: number;
  readonly sampled: boolean;
  /** Of the cosines that were compared; null without any pair. */
  readonly summary: DistributionSummary | null;
  /** Bins 0.005 wide, those with any pair. */
  readonly bins: readonly { readonly from: number; readonly count: number }[];
}

interface DistributionSummary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly deviation: number;
  /** The score that this share of the pairs lies below. */
  readonly p05: number;
  readonly median: number;
  readonly p95: number;
  readonly p999: number;
}

interface ThresholdRow {
  readonly threshold: number;
  /** Of pairs of different people; null: there are none. */
  readonly fmr: Rate | null;
  /** Of pairs of the same person; null: there are none. */
  readonly fnmr: Rate | null;
  /** 1 - (1 - FMR)^templates, for today's gallery. */
  readonly fpir: DerivedRate | null;
  /** Templates that would be taken for somebody else, were their owner not enrolled; null: a sample cannot tell. */
  readonly mistaken: Rate | null;
}

/** An employee as a person reads them. */
export interface NamedEmployee {
  /** The row id. */
  readonly id: string;
  readonly employeeId: string;
  readonly name: string;
}

export interface CalibrationReport {
  readonly modelId: string;
  readonly generatedAt: Date;
  readonly employees: number;
  /** Employees whose templates were compared: all, or of a very large gallery a uniform sample. */
  readonly employeesCompared: number;
  readonly employeesWithSeveralTemplates: number;
  readonly templates: number;
  /** Templates that cannot be compared: no direction, a NaN, another dimension. */
  readonly skippedTemplates: number;
  readonly generator: string;
  readonly seed: number;
  readonly impostor: Distribution;
  readonly genuine: Distribution;
  readonly thresholds: readonly ThresholdRow[];
  /** Where both kinds of error were observed, in steps of 0.001: the DET curve. */
  readonly curve: readonly { readonly threshold: number; readonly fmr: number; readonly fnmr: number }[];
  readonly advice: Advice;
  readonly closestPairs: readonly {
    readonly similarity: number;
    readonly first: NamedEmployee;
    readonly second: NamedEmployee;
  }[];
  /** What has to be known to read the figures. */
  readonly notes: readonly string[];
}

interface ReportContext {
  readonly modelId: string;
  readonly generatedAt: Date;
  /** 0 to 1. */
  readonly targetFmr: number;
  /** The employee with this row id; undefined: gone meanwhile. */
  readonly employee: (id: string) => Omit<NamedEmployee, 'id'> | undefined;
}

const FIRST_THRESHOLD = 80;
const LAST_THRESHOLD = 99;
const PERCENT = STEPS / 100;
const BIN_STEPS = STEPS / 200;
const CURVE_STEPS = STEPS / 1000;

/** What a measurement says, for a wanted false match rate. */
export function buildReport(
  measurement: Measurement,
  { modelId, generatedAt, targetFmr, employee }: ReportContext,
): CalibrationReport {
  const { impostor, genuine, nearestOther, templates } = measurement;
  const falseMatches = impostor.scores.cumulative();
  const trueMatches = genuine.scores.cumulative();
  const mistaken = nearestOther?.cumulative();
  const at = (counts: Float64Array, step: number): number => counts[STEPS + step] as number;

  const thresholds: ThresholdRow[] = [];
  for (let percent = FIRST_THRESHOLD; percent <= LAST_THRESHOLD; percent++) {
    const step = percent * PERCENT;
    const fmr = rateOf(at(falseMatches, step), impostor.scores.size);
    thresholds.push({
      threshold: percent / 100,
      fmr,
      fnmr: rateOf(genuine.scores.size - at(trueMatches, step), genuine.scores.size),
      fpir: fmr && falsePositiveIdentification(fmr, templates),
      mistaken: mistaken === undefined ? null : rateOf(at(mistaken, step), nearestOther?.size ?? 0),
    });
  }

  const named = (id: string): NamedEmployee => ({ id, ...(employee(id) ?? { employeeId: '', name: '' }) });
  return {
    modelId,
    generatedAt,
    employees: measurement.people,
    employeesCompared: measurement.peopleHeld,
    employeesWithSeveralTemplates: measurement.peopleWithSeveral,
    templates,
    skippedTemplates: measurement.skipped,
    generator: Xoshiro128.title,
    seed: measurement.seed,
    impostor: distribution(impostor),
    genuine: distribution(genuine),
    thresholds,
    curve: curveOf(impostor.scores, genuine.scores),
    advice: advise(measurement, targetFmr),
    closestPairs: measurement.closest.map(({ first, second, similarity }) => ({
      similarity,
      first: named(first),
      second: named(second),
    })),
    notes: notesOn(measurement),
  };
}

function distribution({ scores, population, sampled }: ScoredPairs): Distribution {
  const { size, min, max, mean, deviation } = scores;
  return {
    population,
    compared: size,
    sampled,
    summary:
      size === 0
        ? null
        : {
            min,
            max,
            mean,
            deviation,
            p05: scores.quantile(0.05),
            median: scores.quantile(0.5),
            p95: scores.quantile(0.95),
            p999: scores.quantile(0.999),
          },
    bins: scores.bins(BIN_STEPS),
  };
}

/** Logarithmic axes know no zero, so a point needs errors of both kinds. */
function curveOf(impostor: ScoreHistogram, genuine: ScoreHistogram): CalibrationReport['curve'] {
  const falseMatches = impostor.cumulative();
  const trueMatches = genuine.cumulative();
  const points: CalibrationReport['curve'][number][] = [];
  for (let step = 0; step <= STEPS; step += CURVE_STEPS) {
    const fmr = (falseMatches[STEPS + step] as number) / impostor.size;
    const fnmr = 1 - (trueMatches[STEPS + step] as number) / genuine.size;
    if (fmr > 0 && fnmr > 0) points.push({ threshold: step / STEPS, fmr, fnmr });
  }
  return points;
}
