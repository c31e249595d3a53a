import type { SeededRandom } from './random';

/** A person and their templates of one model. */
export interface EnrolledPerson {
  /** The employee's row id. */
  readonly employee: string;
  readonly templates: readonly Float32Array[];
}

/** How many people a calibration holds in memory: 128 numbers each of as many are 64 MB. */
const MAX_PEOPLE = 100_000;

/** What is compared: the usable templates, those of one person side by side. */
export type TemplateSet = Awaited<ReturnType<typeof collectTemplates>>;

/**
 * Collects the templates that can be compared. Of more than `maxPeople` people a uniform sample is kept (Vitter's
 * algorithm R), so that a gallery of any size fits into memory.
 */
export async function collectTemplates(
  source: Iterable<EnrolledPerson> | AsyncIterable<EnrolledPerson>,
  random: SeededRandom,
  {
    maxPeople = MAX_PEOPLE,
    signal,
  }: { maxPeople?: number | undefined; signal?: AbortSignal | undefined } = {},
) {
  const held: EnrolledPerson[] = [];
  let [dimension, peopleSeen, templatesSeen, skipped] = [0, 0, 0, 0];
  for await (const { employee, templates: enrolled } of source) {
    signal?.throwIfAborted();
    const templates = enrolled.filter((vector) => {
      const usable = norm(vector) > 0 && (dimension === 0 || vector.length === dimension);
      if (usable) dimension = vector.length;
      return usable;
    });
    skipped += enrolled.length - templates.length;
    if (templates.length === 0) continue;
    peopleSeen += 1;
    templatesSeen += templates.length;
    const place = held.length < maxPeople ? held.length : random.below(peopleSeen);
    if (place < maxPeople) held[place] = { employee, templates };
  }
  const vectors = held.flatMap(({ templates }) => templates);
  const starts = [0];
  for (const { templates } of held) starts.push((starts.at(-1) as number) + templates.length);
  return {
    people: held.map(({ employee }) => employee),
    /** Number of enrolled people. `people` is all of them or a uniform sample. */
    peopleSeen,
    templatesSeen,
    /** Templates that cannot be compared: another length than the first one's, a NaN, an infinity, no norm. */
    skipped,
    vectors,
    norms: vectors.map(norm),
    /** Whose each template is: an index of `people`. */
    owners: held.flatMap(({ templates }, p) => templates.map(() => p)),
    /** starts[p] is person p's first template, starts[p + 1] the one after the last. */
    starts,
  };
}

/** The Euclidean norm, in float64; 0 if there is no direction (a NaN, an infinity, or no length). */
function norm(vector: Float32Array): number {
  let squares = 0;
  for (const x of vector) squares += x * x;
  return Number.isFinite(squares) ? Math.sqrt(squares) : 0;
}

/** The cosine of two templates, exactly as the gallery scores a probe: in float64, within -1 to 1. */
export function similarity({ vectors, norms }: TemplateSet, a: number, b: number): number {
  const x = vectors[a] as Float32Array;
  const y = vectors[b] as Float32Array;
  let dot = 0;
  for (let i = 0; i < x.length; i++) dot += (x[i] as number) * (y[i] as number);
  return Math.min(1, Math.max(-1, dot / ((norms[a] as number) * (norms[b] as number))));
}
