import { groupsOf } from '#src/kernels/kernel';
import { Kernels } from '#src/kernels/kernels';
import { normOf, type Probe } from '#src/probe';
import { TemplateRows } from '#src/template-rows';
import { anyDirection, gaussian, near, randomness, type Random } from './vectors';

const NAMES = ['f32', 'i8'] as const;
const ROWS = 64;

function probe(vector: Float64Array): Probe {
  const norm = normOf(vector);
  if (norm === null) throw new Error('a probe without a direction');
  return { vector, norm };
}

/** Rows and probes made so that every component is quantised as badly as can be, all errors in one direction. */
function halfSteps(random: Random, dimension: number, most: number): Float64Array {
  const scale = 0.5 + random();
  return Float64Array.from({ length: dimension }, (_, i) => {
    if (i === 0) return most * scale;
    // Just under a half is rounded down: nearly half a step is lost, or a whole one where everything is small.
    const whole = random() < 0.5 ? 0 : Math.floor(random() * (most - 1));
    return (whole + 0.4999) * scale;
  });
}

const MAKERS: Readonly<Record<string, (random: Random, dimension: number) => Float64Array>> = {
  'half steps of int8': (random, dimension) => halfSteps(random, dimension, 127),
  'half steps of int16': (random, dimension) => halfSteps(random, dimension, 32_767),
  'one large number among small ones': (random, dimension) =>
    Float64Array.from({ length: dimension }, (_, i) => (i === 3 ? 1 : gaussian(random) * 0.003)),
  'numbers of very different sizes': (random, dimension) =>
    Float64Array.from({ length: dimension }, () => gaussian(random) * 2 ** -Math.floor(random() * 40)),
  'equal numbers': (random, dimension) => new Float64Array(dimension).fill(random() + 0.1),
  'any direction': (random, dimension) => Float64Array.from(anyDirection(random, dimension)),
};

describe.each(NAMES)('%s', (name) => {
  it.each(
    Object.entries(MAKERS).flatMap(([what, make]) =>
      [8, 128, 1024].map((dimension) => [what, dimension, make] as const),
    ),
  )('proposes every row at its own exact score: %s, %i numbers', (_, dimension, make) => {
    const random = randomness(dimension);
    const rows = new TemplateRows(dimension);
    const kernels = new Kernels(name, rows);
    const vectors = Array.from({ length: ROWS }, () => Float32Array.from(make(random, dimension)));
    vectors.forEach((vector, row) => {
      rows.write(row, vector, normOf(vector) as number, row, 0);
      kernels.wrote(row);
    });
    const groups = groupsOf(ROWS);
    for (const other of Object.values(MAKERS)) {
      for (const vector of [
        other(random, dimension),
        Float64Array.from(vectors[7] as Float32Array),
        Float64Array.from(near(random, vectors[9] as Float32Array, 0.01)),
      ]) {
        const wanted = probe(vector);
        const next = kernels.of(ROWS).begin(wanted, ROWS);
        const missed = vectors.flatMap((_, row) => {
          const [group, bit] = [row % groups, 1 << Math.floor(row / groups)];
          const proposal = next(group, rows.score(row, wanted));
          return proposal >>> 4 === group && (proposal & bit) !== 0 ? [] : [row];
        });
        expect(missed).toEqual([]);
      }
    }
  });

  it('proposes few rows that do not reach the bar', () => {
    const random = randomness(5);
    const rows = new TemplateRows(128);
    const kernels = new Kernels(name, rows);
    for (let row = 0; row < 4000; row++) {
      const vector = anyDirection(random, 128);
      rows.write(row, vector, normOf(vector) as number, row, 0);
      kernels.wrote(row);
    }
    const wanted = probe(Float64Array.from(anyDirection(random, 128)));
    const next = kernels.of(4000).begin(wanted, 4000);
    // Random directions in 128 dimensions: cosines of 0 ± 0.09, so that 0.27 is three standard deviations.
    const bar = 0.27;
    let proposed = 0;
    let reached = 0;
    for (let row = 0; row < 4000; row++) if (rows.score(row, wanted) >= bar) reached++;
    for (let found = next(0, bar); found >>> 4 < 1000; found = next((found >>> 4) + 1, bar)) {
      proposed += [1, 2, 4, 8].filter((bit) => (found & bit) !== 0).length;
    }
    expect(proposed).toBeGreaterThanOrEqual(reached);
    expect(proposed).toBeLessThan(reached + 10);
  });
});
