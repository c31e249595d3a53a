import { count } from './count';
import { firstWhere } from './first-where';
import { comparisonsFor, rateOf, type Rate } from './intervals';
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

/** What it takes at least to vouch for a rate. */
interface Needed {
  readonly targetFmr: number;
  readonly neededPeople: number;
  readonly neededImpostorPairs: number;
}

/** Fewest people who make so many pairs: the smallest P with P (P - 1) / 2 >= pairs. */
const peopleFor = (pairs: number): number => Math.ceil((1 + Math.sqrt(1 + 8 * pairs)) / 2);

/**
 * The smallest threshold whose FMR is at or below the wanted one with 95 % confidence: the upper end of its interval
 * counts, not the rate that happened to be observed. Nothing is extrapolated past the data.
 */
export function advise(measurement: Measurement, targetFmr: number) {
  const { impostor, genuine } = measurement;
  const neededImpostorPairs = comparisonsFor(targetFmr);
  const neededPeople = Math.max(MIN_PEOPLE, peopleFor(neededImpostorPairs));
  const needed = { targetFmr, neededPeople, neededImpostorPairs };
  const none = { ...needed, threshold: null, fmr: null, fnmr: null };

  const missing = shortage(measurement, needed);
  if (missing !== null) return { ...none, status: ADVICE_STATUS.NOT_ENOUGH_DATA, explanation: missing };

  const falseMatches = impostor.scores.cumulative();
  const at = (step: number): Rate =>
    rateOf(falseMatches[STEPS + step] as number, impostor.scores.size) as Rate;
  if (!(at(HIGHEST).high <= targetFmr)) {
    return {
      ...none,
      status: ADVICE_STATUS.OUT_OF_REACH,
      explanation: `No threshold reaches an FMR of ${targetFmr}: ${count(at(HIGHEST).errors)} impostor pairs are identical. Look at the closest pairs: somebody may be enrolled twice.`,
    };
  }
  // The upper bound only falls as the threshold rises.
  const step = firstWhere(HIGHEST, (each) => at(each).high <= targetFmr);
  const threshold = step / STEPS;
  const fmr = at(step);
  const trueMatches = genuine.scores.cumulative()[STEPS + step] as number;
  return {
    ...needed,
    status: ADVICE_STATUS.ADVISED,
    threshold,
    fmr,
    fnmr: rateOf(genuine.scores.size - trueMatches, genuine.scores.size),
    explanation: `At a threshold of ${threshold}, the FMR is at most ${targetFmr} with 95 % confidence: ${count(fmr.errors)} of ${count(fmr.comparisons)} impostor pairs of ${count(measurement.people)} people match.`,
  };
}

/** What there is too little of; null: nothing. */
function shortage({ people, impostor }: Measurement, needed: Needed): string | null {
  const { targetFmr, neededPeople, neededImpostorPairs: neededPairs } = needed;
  if (people < MIN_PEOPLE) {
    return `Not enough data: ${count(people)} people are enrolled. A recommendation needs at least ${MIN_PEOPLE}, because one person who resembles many would decide it. An FMR of ${targetFmr} needs at least ${count(neededPairs)} impostor pairs (rule of three: 3/FMR), that is ${count(neededPeople)} people.`;
  }
  // Ten templates each turn one pair of people into a hundred pairs of templates, but not into a hundredfold proof.
  const peoplePairs = (people * (people - 1)) / 2;
  if (peoplePairs < neededPairs) {
    return `Not enough data: at least ${count(neededPairs)} impostor pairs (rule of three: 3/FMR) of different pairs of people are needed, that is ${count(neededPeople)} people. ${count(people)} people make ${count(peoplePairs)} pairs.`;
  }
  if (impostor.scores.size < neededPairs) {
    return `Not enough pairs were compared: at least ${count(neededPairs)} (rule of three: 3/FMR) of ${count(impostor.population)} are needed, and the sample has ${count(impostor.scores.size)}. npm run calibrate takes a larger sample with --pairs.`;
  }
  return null;
}
