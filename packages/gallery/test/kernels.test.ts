import { Gallery } from '#src/gallery';
import { effort } from '../../../test/support/effort';
import {
  anyDirection,
  idOf,
  near,
  probeOf,
  randomness,
  ranking,
  type Enrolled,
  type Random,
} from './vectors';

const KERNELS = ['js', 'f32', 'i8', 'auto'] as const;
const OFFICES = [null, 'north', 'south', 'tiny'];

/** How templates lie: as far apart as can be, or like real descriptors around a common mean, in families. */
const SHAPES: Readonly<Record<string, (random: Random, dimension: number) => () => Float32Array>> = {
  random: (random, dimension) => () => anyDirection(random, dimension),
  clustered: (random, dimension) => {
    const mean = anyDirection(random, dimension);
    const families = Array.from({ length: 5 }, () => near(random, mean, 0.4));
    return () => near(random, families[Math.floor(random() * 5)] as Float32Array, 0.2);
  },
};

/** Keys with one to three templates each, `size` templates in all, some of them shared by two keys. */
function makePeople(random: Random, size: number, make: () => Float32Array): Map<string, Enrolled> {
  const people = new Map<string, Enrolled>();
  let left = size;
  let shared: Float32Array | null = null;
  while (left > 0) {
    const count = Math.min(left, random() < 0.8 ? 1 : 1 + Math.floor(random() * 3));
    const templates = Array.from({ length: count }, make);
    // An exact tie between two people, now and then.
    if (shared !== null && random() < 0.1) templates[0] = shared;
    shared = templates[0] as Float32Array;
    const dice = random();
    const scope = dice < 0.01 ? 'tiny' : dice < 0.3 ? 'north' : dice < 0.9 ? 'south' : null;
    // Ids in no order, so that the order of ties is not that of enrolment.
    people.set(idOf(Math.floor(random() * 2 ** 48)), { templates, scope });
    left -= count;
  }
  return people;
}

const galleriesOf = (dimension: number): Gallery[] =>
  KERNELS.map((kernel) => new Gallery({ dimension, kernel }));

function enrol(galleries: readonly Gallery[], people: ReadonlyMap<string, Enrolled>): void {
  for (const gallery of galleries) {
    for (const [key, { templates, scope }] of people) gallery.set(key, templates, scope);
  }
}

async function expectExact(
  galleries: readonly Gallery[],
  people: ReadonlyMap<string, Enrolled>,
  probe: Float64Array,
): Promise<void> {
  const rankedIn = ranking(people, probe);
  for (const scope of OFFICES) {
    const expected = rankedIn(scope);
    for (const gallery of galleries) {
      const [best, runnerUp] = expected;
      expect(await gallery.identify(probe, { scope })).toEqual(
        best === undefined ? null : { best, runnerUp: runnerUp ?? null },
      );
      expect(await gallery.search(probe, 5, { scope })).toEqual(expected.slice(0, 5));
    }
  }
}

describe.each(Object.keys(SHAPES))('every kernel finds what brute force in float64 finds: %s', (shape) => {
  const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 63, 1000, effort(10_007, 2003)];
  it.each([8, 128, 512].flatMap((dimension) => sizes.map((size) => [dimension, size] as const)))(
    '%i numbers, %i templates',
    async (dimension, size) => {
      const random = randomness(size * 1000 + dimension);
      const make = (SHAPES[shape] as (typeof SHAPES)[string])(random, dimension);
      const people = makePeople(random, size, make);
      const galleries = galleriesOf(dimension);
      enrol(galleries, people);
      expect(galleries.map((gallery) => gallery.size)).toEqual(KERNELS.map(() => size));

      const enrolled = [...people.values()].map(({ templates }) => templates[0] as Float32Array);
      const pick = (): Float32Array => enrolled[Math.floor(random() * enrolled.length)] ?? make();
      for (let i = 0; i < (size < 1000 ? 6 : 2); i++) {
        await expectExact(galleries, people, probeOf(make()));
        await expectExact(galleries, people, probeOf(near(random, pick(), 0.25)));
        await expectExact(galleries, people, probeOf(pick()));
        await expectExact(galleries, people, probeOf(pick().map((x) => -x)));
      }
    },
  );
});

it.each([
  ['in the order of enrolment', (n: number) => n],
  ['in the opposite order', (n: number) => 39 - n],
  ['from both ends', (n: number) => (n % 2 === 0 ? n / 2 : 39 - (n - 1) / 2)],
  ['in an arbitrary order', (n: number) => (n * 17 + 5) % 40],
])('removals %s leave exactly the others', async (_, order) => {
  const random = randomness(7);
  const people = new Map<string, Enrolled>();
  for (let i = 0; i < 40; i++) {
    const templates = Array.from({ length: 1 + (i % 4) }, () => anyDirection(random, 16));
    people.set(idOf(i), { templates, scope: i % 3 === 0 ? 'north' : null });
  }
  const galleries = galleriesOf(16);
  enrol(galleries, people);
  for (let n = 0; n < 40; n++) {
    const key = idOf(order(n));
    const probe = probeOf((people.get(key) as Enrolled).templates[0] as Float32Array);
    people.delete(key);
    for (const gallery of galleries) {
      gallery.set(key, []);
      expect(gallery.verify(key, probe)).toBeNull();
    }
    await expectExact(galleries, people, probe);
  }
  expect(galleries.map((gallery) => gallery.size)).toEqual([0, 0, 0, 0]);
});

it('a gallery stays exact over thousands of additions, replacements, moves between offices and removals', async () => {
  const random = randomness(11);
  const people = new Map<string, Enrolled>();
  const galleries = galleriesOf(32);
  for (let step = 0; step < 3000; step++) {
    const key = idOf(Math.floor(random() * 400));
    const count = random() < 0.3 ? 0 : 1 + Math.floor(random() * 3);
    const templates = Array.from({ length: count }, () => anyDirection(random, 32));
    const scope = OFFICES[Math.floor(random() * 4)] as string | null;
    people.set(key, { templates, scope });
    for (const gallery of galleries) gallery.set(key, templates, scope);
    if (step % 100 === 99) await expectExact(galleries, people, probeOf(anyDirection(random, 32)));
  }
});
