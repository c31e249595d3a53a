/** Real: the scanning thread, ended for good in the middle of its work. Fake: only the hold on it that tests need. */
import type * as Threads from 'node:worker_threads';
import { Gallery } from '#src/gallery';
import { anyDirection, idOf, probeOf, randomness } from './vectors';

const SIZE = 3000;

/** The module itself: an import would be a copy, in which nothing can be replaced. */
const threads = jest.requireActual<typeof Threads>('node:worker_threads');

it('a thread that ends during scans costs nobody their answer, and another one takes over', async () => {
  const started: Threads.Worker[] = [];
  const RealWorker = threads.Worker;
  const spy = jest.spyOn(threads, 'Worker').mockImplementation((...options) => {
    const worker = new RealWorker(...options);
    started.push(worker);
    return worker;
  });
  const random = randomness(5);
  const warnings: string[] = [];
  const log = { warn: (_details: object, message: string) => warnings.push(message) };
  const gallery = new Gallery({ dimension: 128, threadFrom: 1, log });
  const templates = Array.from({ length: SIZE }, () => anyDirection(random, 128));
  templates.forEach((template, i) => gallery.set(idOf(i), [template]));
  const bestOf = async (i: number) =>
    (await gallery.identify(probeOf(templates[i] as Float32Array)))?.best.key;
  try {
    expect(await bestOf(1)).toBe(idOf(1));
    expect(started).toHaveLength(1);

    const answers = Promise.all([7, 8, 9].map(bestOf));
    await started[0]?.terminate();
    expect(await answers).toEqual([idOf(7), idOf(8), idOf(9)]);
    expect(warnings).toEqual([expect.stringContaining('The search thread failed')]);

    expect(await bestOf(2)).toBe(idOf(2));
    expect(started).toHaveLength(2);
    expect(warnings).toHaveLength(1);
  } finally {
    spy.mockRestore();
    await gallery.close();
  }
});
