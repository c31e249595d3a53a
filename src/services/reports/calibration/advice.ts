import { count } from './count';
import { firstWhere } from './first-where';
import { comparisonsFor, errorRates, type Rate } from './intervals';
import type { Measurement } from './measure';
import { STEPS } from './score-histogram';

/**
 * Fewest people from whom a threshold is advised. Each person is in 2/P of all pairs of P people: below 30 people,
 * one who resembles many (biometrics call such a person a lamb or a wolf) is in more than one pair in fifteen, and
 * the advice would be about that person.
 */
export const MIN_PEOPLE = 30;

/** The highest threshold that is advised, in steps: 1 itself is reached by nothing but the enrolled vector. */
const HIGHEST = STEPS - 1;

export const ADVICE_STATUS = {
  ADVISED: 'ADVISED',
  NOT_ENOUGH_DATA: 'NOT_ENOUGH_DATA',
  OUT_OF_REACH: 'OUT_OF_REACH',
} as const;
export type AdviceStatus = keyof typeof ADVICE_STATUS;

/** Fewest people who make so many pairs: the smallest P with P (P - 1) / 2 >= pairs. */
const peopleFor = (pairs: number): number => Math.ceil((1 + Math.sqrt(1 + 8 * pairs)) / 2);

/**
 * The smallest threshold whose FMR is at or below the wanted one with 95 % confidence: the upper end of its interval
 * counts, not the rate that happened to be observed. Nothing is extrapolated past the data.
 */
export function advise(measurement: Measurement, targetFmr: number) {
  const { employees: people, impostor } = measurement;
  const pairs = comparisonsFor(targetFmr);
  const needed = {
    targetFmr,
    neededPeople: Math.max(MIN_PEOPLE, peopleFor(pairs)),
    neededImpostorPairs: pairs,
  };
  const refused = (status: AdviceStatus, explanation: string) => ({
    ...needed,
    ...{ status, explanation, threshold: null, fmr: null, fnmr: null },
  });
  const atLeast = `at least ${count(pairs)}`;
  const enough = `that is ${count(needed.neededPeople)} people.`;
  if (people < MIN_PEOPLE) {
    return refused(
      ADVICE_STATUS.NOT_ENOUGH_DATA,
      `Not enough data: ${count(people)} people are enrolled. A recommendation needs at least ${MIN_PEOPLE}, because one person who resembles many would decide it. An FMR of ${targetFmr} needs ${atLeast} impostor pairs (rule of three: 3/FMR), ${enough}`,
    );
  }
  // Ten templates each turn one pair of people into a hundred pairs of templates, but not into a hundredfold proof.
  const peoplePairs = (people * (people - 1)) / 2;
  if (peoplePairs < pairs) {
    return refused(
      ADVICE_STATUS.NOT_ENOUGH_DATA,
      `Not enough data: ${atLeast} impostor pairs (rule of three: 3/FMR) of different pairs of people are needed, ${enough} ${count(people)} people make ${count(peoplePairs)} pairs.`,
    );
  }
  if (impostor.scores.size < pairs) {
    return refused(
      ADVICE_STATUS.NOT_ENOUGH_DATA,
      `Not enough pairs were compared: ${atLeast} (rule of three: 3/FMR) of ${count(impostor.population)} are needed, and the sample has ${count(impostor.scores.size)}. npm run calibrate takes a larger sample with --pairs.`,
    );
  }
  const fmrAt = (step: number): Rate => errorRates(measurement, step).fmr as Rate;
  const highest = fmrAt(HIGHEST);
  if (!(highest.high <= targetFmr)) {
    return refused(
      ADVICE_STATUS.OUT_OF_REACH,
      `No threshold reaches an FMR of ${targetFmr}: ${count(highest.errors)} impostor pairs are identical. Look at the closest pairs: somebody may be enrolled twice.`,
    );
  }
  // The upper bound only falls as the threshold rises.
  const step = firstWhere(HIGHEST, (each) => fmrAt(each).high <= targetFmr);
  const threshold = step / STEPS;
  const { errors, comparisons } = fmrAt(step);
  return {
    ...needed,
    status: ADVICE_STATUS.ADVISED,
    threshold,
    ...errorRates(measurement, step),
    explanation: `At a threshold of ${threshold}, the FMR is at most ${targetFmr} with 95 % confidence: ${count(errors)} of ${count(comparisons)} impostor pairs of ${count(people)} people match.`,
  };
}
