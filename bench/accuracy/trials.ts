import { measure } from '../../src/services/reports/calibration/measure';
import { ScoreHistogram } from '../../src/services/reports/calibration/score-histogram';
import type { Scores } from './error-rates';
import type { TestPair } from './pairs-file';

/** A person's descriptors, all of one model; null if no face was found in a photo. */
export interface Person {
  readonly person: string;
  readonly descriptors: readonly (Float64Array | null)[];
}

/** A person whose photos were described by the service. */
export interface DescribedPerson extends Person {
  /** How clear the face is in each photo; null: there is none, or nobody looked. */
  readonly clarities: readonly (number | null)[];
}

export function similarity(a: Float64Array, b: Float64Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** The descriptors at hand. */
const described = ({ descriptors }: Person): Float64Array[] => descriptors.filter((d) => d !== null);

/** All pairs of photos; of more than two million a sample of one million, the same in every run. */
export async function scoreAllPairs(people: readonly Person[]): Promise<Scores> {
  const { genuine, impostor } = await measure(
    people.map((person) => ({
      employee: person.person,
      templates: described(person).map((d) => Float32Array.from(d)),
    })),
  );
  return { genuine: genuine.scores, impostor: impostor.scores };
}

/** The pairs of a protocol. `missed` are those of which a photo shows no face: they are not in the scores. */
export function scorePairs(
  people: readonly Person[],
  pairs: readonly TestPair[],
): Scores & { readonly missed: number } {
  const byName = new Map(people.map(({ person, descriptors }) => [person, descriptors]));
  const scores = { genuine: new ScoreHistogram(), impostor: new ScoreHistogram() };
  let missed = 0;
  for (const { a, b } of pairs) {
    const [first, second] = [a, b].map(({ person, number }) => byName.get(person)?.[number - 1]);
    if (first === undefined || second === undefined) {
      throw new Error(`The folder has no photo ${a.number} of ${a.person} or ${b.number} of ${b.person}`);
    }
    if (first === null || second === null) missed++;
    else scores[a.person === b.person ? 'genuine' : 'impostor'].add(similarity(first, second));
  }
  return { ...scores, missed };
}

/** Mean of the first `n` descriptors, each of length 1: what an enrolment with several photos stores. */
function template(descriptors: readonly Float64Array[], n: number): Float64Array {
  const mean = new Float64Array(descriptors[0]?.length ?? 0);
  for (const descriptor of descriptors.slice(0, n)) {
    const norm = Math.sqrt(dot(descriptor, descriptor));
    descriptor.forEach((value, i) => (mean[i] = (mean[i] as number) + value / norm / n));
  }
  return mean;
}

export interface TemplateTrial extends Scores {
  /** People with more than `n` photos: they are the gallery and ask. */
  readonly gallery: number;
  readonly probes: number;
  /** Probes whose most similar template is that of their own person. */
  readonly firsts: number;
}

/** Every person enrolled with the mean of the first `n` photos; every further photo compared with every template. */
export function scoreTemplates(people: readonly Person[], n: number): TemplateTrial {
  const able = people.map(described).filter((descriptors) => descriptors.length > n);
  const gallery = able.map((descriptors) => template(descriptors, n));
  const scores = { genuine: new ScoreHistogram(), impostor: new ScoreHistogram() };
  let [probes, firsts] = [0, 0];
  able.forEach((descriptors, own) => {
    for (const probe of descriptors.slice(n)) {
      const similarities = gallery.map((enrolled) => similarity(probe, enrolled));
      similarities.forEach((score, i) => scores[i === own ? 'genuine' : 'impostor'].add(score));
      probes++;
      if (similarities.every((score, i) => i === own || score < (similarities[own] as number))) firsts++;
    }
  });
  return { ...scores, gallery: gallery.length, probes, firsts };
}
