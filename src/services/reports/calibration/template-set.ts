import type { Xoshiro128 } from './random';

/** A person and their templates of one model. */
export interface EnrolledPerson {
  /** The employee's row id. */
  readonly employee: string;
  readonly templates: readonly Float32Array[];
}

/** How many people a calibration holds in memory: 128 numbers each of as many are 64 MB. */
export const MAX_PEOPLE = 100_000;

/** What is compared: the usable templates, those of one person side by side. */
export interface TemplateSet {
  readonly people: readonly string[];
  /** People seen, of whom `people` is all or a uniform sample. */
  readonly peopleSeen: number;
  readonly templatesSeen: number;
  /** Templates that cannot be compared: another length than the first one's, a NaN, an infinity, no norm. */
  readonly skipped: number;
  readonly vectors: readonly Float32Array[];
  readonly norms: Float64Array;
  /** Whose each template is: an index of `people`. */
  readonly owners: Uint32Array;
  /** starts[p] is person p's first template, starts[p + 1] the one after the last. */
  readonly starts: Uint32Array;
}

interface Held {
  readonly employee: string;
  readonly vectors: Float32Array[];
}

/**
 * Collects the templates that can be compared. Of more than `maxPeople` people a uniform sample is kept (Vitter's
 * algorithm R), so that a gallery of any size fits into memory.
 */
export async function collectTemplates(
  source: Iterable<EnrolledPerson> | AsyncIterable<EnrolledPerson>,
  random: Xoshiro128,
  { maxPeople = MAX_PEOPLE, signal }: { maxPeople?: number; signal?: AbortSignal | undefined } = {},
): Promise<TemplateSet> {
  const held: Held[] = [];
  let dimension = 0;
  let peopleSeen = 0;
  let templatesSeen = 0;
  let skipped = 0;
  for await (const { employee, templates } of source) {
    signal?.throwIfAborted();
    const vectors = templates.filter((vector) => {
      const usable = norm(vector) > 0 && (dimension === 0 || vector.length === dimension);
      if (usable) dimension = vector.length;
      else skipped += 1;
      return usable;
    });
    if (vectors.length === 0) continue;
    peopleSeen += 1;
    templatesSeen += vectors.length;
    if (held.length < maxPeople) held.push({ employee, vectors });
    else {
      const place = random.below(peopleSeen);
      if (place < maxPeople) held[place] = { employee, vectors };
    }
  }
  return { peopleSeen, templatesSeen, skipped, ...layOut(held) };
}

function layOut(held: readonly Held[]) {
  const vectors = held.flatMap((person) => person.vectors);
  const starts = new Uint32Array(held.length + 1);
  const owners = new Uint32Array(vectors.length);
  held.forEach((person, p) => {
    const start = starts[p] as number;
    const end = start + person.vectors.length;
    starts[p + 1] = end;
    owners.fill(p, start, end);
  });
  return {
    people: held.map(({ employee }) => employee),
    vectors,
    norms: Float64Array.from(vectors, norm),
    owners,
    starts,
  };
}

/** The Euclidean norm, in float64; 0 where a direction cannot be told (a NaN or an infinity in it, or no length). */
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
