import { Gallery } from '#src/gallery';
import { anyDirection, idOf, near, probeOf, randomness, ranking, type Enrolled } from './vectors';

const SIZE = 3000;

/** A gallery that scans in its thread from the first template on. */
function makeGallery() {
  const random = randomness(3);
  const people = new Map<string, Enrolled>();
  const warnings: string[] = [];
  const gallery = new Gallery({
    dimension: 128,
    threadFrom: 1,
    log: { warn: (_details, message) => warnings.push(message) },
  });
  const set = (key: string, enrolled: Enrolled): void => {
    people.set(key, enrolled);
    gallery.set(key, enrolled.templates, enrolled.scope);
  };
  const mean = anyDirection(random, 128);
  for (let i = 0; i < SIZE; i++) {
    set(idOf(i), { templates: [near(random, mean, 0.4)], scope: i % 2 === 0 ? 'north' : null });
  }
  const templateOf = (key: string) => (people.get(key) as Enrolled).templates[0] as Float32Array;
  return { gallery, people, set, random, templateOf, warnings };
}

type Made = ReturnType<typeof makeGallery>;
let made: Made;
beforeEach(() => (made = makeGallery()));
afterEach(async () => {
  await made.gallery.close();
  expect(made.warnings).toEqual([]);
});

it('a scan in the thread finds what brute force finds, in the whole gallery and in an office', async () => {
  const { gallery, people, random, templateOf } = made;
  for (let i = 0; i < 20; i++) {
    const probe = probeOf(near(random, templateOf(idOf(i * 100)), 0.2));
    const ranked = ranking(people, probe);
    expect(await gallery.search(probe, 3)).toEqual(ranked(null).slice(0, 3));
    expect(await gallery.search(probe, 3, { scope: 'north' })).toEqual(ranked('north').slice(0, 3));
  }
});

it('many scans at once are answered, each with its own', async () => {
  const { gallery, templateOf } = made;
  const wanted = Array.from({ length: 30 }, (_, i) => idOf(i * 7));
  const found = await Promise.all(wanted.map((key) => gallery.identify(probeOf(templateOf(key)))));
  expect(found.map((identification) => identification?.best.key)).toEqual(wanted);
});

it('the event loop is free while the thread scans', async () => {
  const { gallery, templateOf } = made;
  await gallery.identify(probeOf(templateOf(idOf(1))));
  let done = false;
  const scan = gallery.identify(probeOf(templateOf(idOf(1)))).then(() => (done = true));
  // A scan on this thread would be done within them; a thread's answer is an event of the loop, and comes after them.
  for (let i = 0; i < 1000; i++) await Promise.resolve();
  expect(done).toBe(false);
  await scan;
});

it('what is removed during a scan is not found by it, and the row moved into its place is', async () => {
  const { gallery, people, set, templateOf } = made;
  await gallery.identify(probeOf(templateOf(idOf(1))));
  for (const [removed, moved] of [
    [idOf(5), idOf(SIZE - 1)],
    [idOf(2000), idOf(SIZE - 2)],
  ] as const) {
    const both = [probeOf(templateOf(removed)), probeOf(templateOf(moved))];
    const scans = both.map((probe) => gallery.search(probe, 2));
    // The first scan is on its way after a few microtasks, and no answer can arrive before the next macrotask.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    set(removed, { templates: [], scope: null });
    const found = await Promise.all(scans);
    expect(found).toEqual(both.map((probe) => ranking(people, probe)(null).slice(0, 2)));
    expect(found[1]?.[0]?.key).toBe(moved);
  }
});

it('a scan is exact, and done at last, while templates change all the time', async () => {
  const { gallery, people, set, random, templateOf } = made;
  let done = false;
  let changes = 0;
  const changing = (async () => {
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      set(idOf(100 + (changes++ % 100)), { templates: [anyDirection(random, 128)], scope: null });
    }
  })();
  for (let i = 0; i < 50; i++) {
    const probe = probeOf(templateOf(idOf(i)));
    const [best] = await gallery.search(probe, 2);
    expect(best).toEqual({ key: idOf(i), similarity: ranking(people, probe)(null)[0]?.similarity });
  }
  done = true;
  await changing;
  expect(changes).toBeGreaterThan(50);
});

it('the thread follows the gallery as it grows beyond the memory that the thread began with', async () => {
  const { gallery, set, random, templateOf } = made;
  await gallery.identify(probeOf(templateOf(idOf(1))));
  for (let i = 0; i < 10_000; i++)
    set(idOf(100_000 + i), { templates: [anyDirection(random, 128)], scope: null });
  expect((await gallery.identify(probeOf(templateOf(idOf(109_999)))))?.best.key).toBe(idOf(109_999));
});
