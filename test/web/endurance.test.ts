/** Real: the service, Chromium and its garbage collector, the built kiosk with its models. Fake: the film. */
import type { CDPSession, Worker } from 'playwright-core';
import { effort } from '../support/effort';
import { slowness } from '../support/slowness';
import { type Visit, visit } from '../support/web/browser';
import { describeInBrowser } from '../support/web/describe';
import { Installation } from '../support/web/installation';
import { pairKiosk, says } from '../support/web/kiosk-page';
import { rendererBytes, rendererSeconds } from '../support/web/renderers';
import { until } from '../support/until';

/** Of a processor at its reference speed, with the load of the page, its models and its worker; 1.1 were measured. */
const READY_SECONDS = 3;
/** What is done once and by chance (compilers, a collection of garbage) falls on some of them. */
const RELOADS = 5;
/** 8 hours are some 5,000 frames with people in them. */
const FRAMES = effort(5000, 200);
/** After these the caches of the page, the models and the browser are as large as they get. */
const WARM_UP_FRAMES = 100;
/** Of the kiosk, between two frames. */
const LONGEST_PAUSE_MS = 300;
const HOURS_MS = 3 * 3_600_000;

/** What may be there more afterwards: a garbage collector is not exact, and a look may be under way. */
const HEADROOM = { heap: 1_500_000, resident: 80_000_000, tensors: 40, nodes: 60, listeners: 20 };
type Measures = Record<keyof typeof HEADROOM, number>;

describeInBrowser('the kiosk, all day', () => {
  let place: Installation;
  let opened: Visit;

  beforeAll(async () => {
    place = await Installation.withGrace();
  });
  afterEach(() => opened.close());
  afterAll(() => place.stop());

  it(`is ready for a face after ${READY_SECONDS} seconds of a processor`, async () => {
    opened = await visit({ film: [{ show: null, seconds: 2 }] });
    const { page, profile } = opened;
    await pairKiosk(page, place);
    await says(page, 'Stand in front of the camera');
    await page.evaluate(() => navigator.serviceWorker.ready);
    const times: number[] = [];
    while (times.length < RELOADS && !(Math.min(...times) < READY_SECONDS)) {
      const begin = rendererSeconds(profile);
      await page.reload();
      await says(page, 'Stand in front of the camera');
      times.push((rendererSeconds(profile) - begin) / slowness());
    }
    console.info(`Ready after ${times.map((time) => time.toFixed(2)).join(', ')} s of a processor`);
    expect(times.every((time) => time > 0)).toBe(true);
    expect(Math.min(...times)).toBeLessThan(READY_SECONDS);
  });

  it(
    `looks at ${FRAMES} frames without growing`,
    async () => {
      // People come, are told what to do, are checked, and go.
      opened = await visit({
        film: [
          { show: 'grace-hopper.jpg', seconds: 2, height: 250 },
          { show: 'grace-hopper.jpg', seconds: 4 },
          { show: null, seconds: 2 },
          { show: 'two-faces.jpg', seconds: 2 },
        ],
      });
      const { page, context } = opened;
      // One frame after the other, without the page's pauses between them: it is the frames that are counted.
      await page.addInitScript((longest) => {
        const wait = globalThis.setTimeout;
        const hasten = (run: () => void, ms = 0): unknown => wait(run, ms > longest ? ms : 0);
        Object.assign(globalThis, { setTimeout: hasten });
      }, LONGEST_PAUSE_MS);
      await pairKiosk(page, place);
      await says(page, /Come closer|One person/);
      const [worker] = page.workers();
      if (worker === undefined) throw new Error('There is no face worker');
      const devtools = await context.newCDPSession(page);
      const looks = (): Promise<number> =>
        worker.evaluate(() => (globalThis as unknown as { lookCount(): number }).lookCount());
      const begin = await looks();
      const lookAt = (count: number): Promise<number> =>
        until(looks, (done) => done >= begin + count, HOURS_MS);

      const start = await measure(worker, devtools, opened.profile);
      await lookAt(WARM_UP_FRAMES);
      const warm = await measure(worker, devtools, opened.profile);
      await lookAt(FRAMES);
      const end = await measure(worker, devtools, opened.profile);
      console.info(
        JSON.stringify({ frames: FRAMES, punches: (await place.punches()).length, start, warm, end }),
      );
      const grown = Object.entries(HEADROOM).filter(
        ([name, headroom]) => end[name as keyof Measures] - warm[name as keyof Measures] > headroom,
      );
      expect(grown).toEqual([]);
    },
    HOURS_MS,
  );
});

/** After a collection: bytes of JavaScript and of all else, tensors, elements and listeners. */
async function measure(worker: Worker, devtools: CDPSession, profile: string): Promise<Measures> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners: listeners } = await devtools.send('Memory.getDOMCounters');
  const tensors = await worker.evaluate(() =>
    (globalThis as unknown as { tensorCount(): Promise<number> }).tensorCount(),
  );
  return { heap, resident: rendererBytes(profile), tensors, nodes, listeners };
}
