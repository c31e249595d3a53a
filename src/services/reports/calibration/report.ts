import { advise } from './advice';
import { falsePositiveIdentification, rateOf } from './intervals';
import type { Measurement, ScoredPairs } from './measure';
import { notesOn } from './notes';
import { Xoshiro128 } from './random';
import { STEPS } from './score-histogram';

/** What the fields mean, the GraphQL types say (resolvers/matching-report). */
export type CalibrationReport = ReturnType<typeof buildReport>;
export type Distribution = ReturnType<typeof distribution>;

/** An employee as a person reads them. */
export interface NamedEmployee {
  /** The row id. */
  readonly id: string;
  readonly employeeId: string;
  readonly name: string;
}

interface ReportContext {
  readonly modelId: string;
  /** Whether the server computes the model's descriptors. */
  readonly ofServer: boolean;
  readonly generatedAt: Date;
  /** 0 to 1. */
  readonly targetFmr: number;
  /** The employee with this row id; undefined: gone meanwhile. */
  readonly employee: (id: string) => Omit<NamedEmployee, 'id'> | undefined;
}

/** The thresholds that matter, in hundredths: clients' descriptors are all alike, the server's are centred. */
const RANGES = { client: { first: 80, last: 99 }, server: { first: 30, last: 69 } };
const BIN_STEPS = STEPS / 200;
const CURVE_STEPS = STEPS / 1000;

/** What a measurement says, for a wanted false match rate. */
export function buildReport(
  measurement: Measurement,
  { modelId, ofServer, generatedAt, targetFmr, employee }: ReportContext,
) {
  const { impostor, genuine, templates } = measurement;
  const named = (id: string): NamedEmployee => ({ employeeId: '', name: '', ...employee(id), id });
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
    ...errorsOf(measurement, ofServer ? RANGES.server : RANGES.client),
    advice: advise(measurement, targetFmr),
    closestPairs: measurement.closest.map(({ first, second, similarity }) => ({
      similarity,
      first: named(first),
      second: named(second),
    })),
    notes: notesOn(measurement),
  };
}

/** Errors by threshold, and the DET curve in steps of 0.001. */
function errorsOf(
  { impostor, genuine, nearestOther, templates }: Measurement,
  { first, last }: (typeof RANGES)['client'],
) {
  const atLeast = [impostor.scores, genuine.scores, nearestOther].map((scores) => scores?.cumulative());
  const at = (step: number): number[] => atLeast.map((counts) => counts?.[STEPS + step] ?? 0);
  const [impostors, owners] = [impostor.scores.size, genuine.scores.size];

  const thresholds = Array.from({ length: last - first + 1 }, (_, i) => {
    const threshold = (first + i) / 100;
    const [falseMatches = 0, trueMatches = 0, mistaken = 0] = at(Math.round(threshold * STEPS));
    const fmr = rateOf(falseMatches, impostors);
    return {
      threshold,
      fmr,
      fnmr: rateOf(owners - trueMatches, owners),
      fpir: fmr && falsePositiveIdentification(fmr, templates),
      mistaken: nearestOther && rateOf(mistaken, nearestOther.size),
    };
  });
  const curve = Array.from({ length: STEPS / CURVE_STEPS + 1 }, (_, i) => {
    const [falseMatches = 0, trueMatches = 0] = at(i * CURVE_STEPS);
    return {
      threshold: (i * CURVE_STEPS) / STEPS,
      fmr: falseMatches / impostors,
      fnmr: 1 - trueMatches / owners,
    };
  });
  // Logarithmic axes know no zero, so a point needs errors of both kinds.
  return { thresholds, curve: curve.filter(({ fmr, fnmr }) => fmr > 0 && fnmr > 0) };
}

function distribution({ scores, population, sampled }: ScoredPairs) {
  const { size, min, max, mean, deviation } = scores;
  const percentiles = () => ({
    p05: scores.quantile(0.05),
    median: scores.quantile(0.5),
    p95: scores.quantile(0.95),
    p999: scores.quantile(0.999),
  });
  return {
    population,
    compared: size,
    sampled,
    summary: size === 0 ? null : { min, max, mean, deviation, ...percentiles() },
    bins: scores.bins(BIN_STEPS),
  };
}
