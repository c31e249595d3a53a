// Looked up once: inside jest a global costs a call each time.
const { cos, imul, log, max, min, PI, sqrt } = Math;

/** A generator of numbers from 0 to 1 (mulberry32): a test must be able to fail twice in the same way. */
export function randomness(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = imul(state ^ (state >>> 15), state | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Random = () => number;

/** Standard normal (Box and Muller). */
export const gaussian = (random: Random): number => sqrt(-2 * log(1 - random())) * cos(2 * PI * random());

/** Equally likely in every direction, with norms of about 1.4. */
export const anyDirection = (random: Random, dimension: number): Float32Array =>
  Float32Array.from({ length: dimension }, () => (gaussian(random) * 1.4) / sqrt(dimension));

/** Close to `centre`: the cosine with it is about 1 / sqrt(1 + spread²). */
export function near(random: Random, centre: Float32Array, spread: number): Float32Array {
  const norm = sqrt(centre.reduce((sum, x) => sum + x * x, 0));
  return centre.map((x) => x + (gaussian(random) * spread * norm) / sqrt(centre.length));
}

/** The cosine in float64, written down independently of the service; term by term in the vectors' order. */
export function cosine(probe: Float64Array, template: Float32Array): number {
  let dot = 0;
  let left = 0;
  let right = 0;
  for (let i = 0; i < probe.length; i++) {
    const x = probe[i] as number;
    const y = template[i] as number;
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return min(1, max(-1, dot / (sqrt(left) * sqrt(right))));
}

export interface Enrolled {
  readonly templates: readonly Float32Array[];
  readonly scope: string | null;
}

interface Ranked {
  readonly key: string;
  readonly similarity: number;
}

/** What a search has to answer: every template scored, every key ranked, then those of a scope picked. */
export function ranking(
  people: ReadonlyMap<string, Enrolled>,
  probe: Float64Array,
): (scope: string | null) => Ranked[] {
  const ranked = [...people]
    .filter(([, { templates }]) => templates.length > 0)
    .map(([key, { templates, scope }]) => {
      const similarity = max(...templates.map((template) => cosine(probe, template)));
      return { scope, candidate: { key, similarity } };
    })
    .sort(({ candidate: a }, { candidate: b }) => b.similarity - a.similarity || (a.key < b.key ? -1 : 1));
  return (wanted) =>
    ranked.flatMap(({ scope, candidate }) => (wanted === null || scope === wanted ? [candidate] : []));
}

export const probeOf = (template: Float32Array | readonly number[]): Float64Array =>
  Float64Array.from(template);

/** A key, made of a number below 2^48; in the order of the numbers. */
export const idOf = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
