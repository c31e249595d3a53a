import { advise } from './advice';
import { errorRates, falsePositiveIdentification, rateOf } from './intervals';
import type { Measurement, ScoredPairs } from './measure';
import { notesOn } from './notes';
import { SeededRandom } from './random';
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
  const { impostor, genuine, closest } = measurement;
  const { employees, employeesCompared, employeesWithSeveralTemplates } = measurement;
  const { templates, skippedTemplates, seed } = measurement;
  const { first, last } = ofServer ? RANGES.server : RANGES.client;
  const named = (id: string): NamedEmployee => ({ employeeId: '', name: '', ...employee(id), id });
  return {
    modelId,
    generatedAt,
    ...{ employees, employeesCompared, employeesWithSeveralTemplates, templates, skippedTemplates },
    seed,
    generator: SeededRandom.title,
    impostor: distribution(impostor),
    genuine: distribution(genuine),
    thresholds: Array.from({ length: last - first + 1 }, (_, i) => errorsAt(measurement, (first + i) / 100)),
    curve: detCurve(measurement),
    advice: advise(measurement, targetFmr),
    closestPairs: closest.map(({ first, second, similarity }) => ({
      similarity,
      first: named(first),
      second: named(second),
    })),
    notes: notesOn(measurement),
  };
}

function errorsAt(measurement: Measurement, threshold: number) {
  const { nearestOther, templates } = measurement;
  const step = Math.round(threshold * STEPS);
  const { fmr, fnmr } = errorRates(measurement, step);
  return {
    threshold,
    fmr,
    fnmr,
    fpir: fmr && falsePositiveIdentification(fmr, templates),
    mistaken: nearestOther && rateOf(nearestOther.atLeast(step), nearestOther.size),
  };
}

/** The DET curve in steps of 0.001. Logarithmic axes know no zero, so a point needs errors of both kinds. */
function detCurve({ impostor: { scores: impostor }, genuine: { scores: genuine } }: Measurement) {
  const points = Array.from({ length: STEPS / CURVE_STEPS + 1 }, (_, i) => ({
    threshold: (i * CURVE_STEPS) / STEPS,
    fmr: impostor.atLeast(i * CURVE_STEPS) / impostor.size,
    fnmr: 1 - genuine.atLeast(i * CURVE_STEPS) / genuine.size,
  }));
  return points.filter(({ fmr, fnmr }) => fmr > 0 && fnmr > 0);
}

function distribution({ scores, population, sampled }: ScoredPairs) {
  const { size, min, max, mean, deviation } = scores;
  return {
    population,
    compared: size,
    sampled,
    summary:
      size === 0
        ? null
        : {
            ...{ min, max, mean, deviation },
            p05: scores.quantile(0.05),
            median: scores.quantile(0.5),
            p95: scores.quantile(0.95),
            p999: scores.quantile(0.999),
          },
    bins: scores.bins(BIN_STEPS),
  };
}
