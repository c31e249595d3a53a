/** Real: Poller. Fake: time. */
import { Poller } from '../../src/database/poller';

const HOUR = 3_600_000;

describe('a poller', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('works at once, and again an hour after each end, sooner after what failed', async () => {
    const began: number[] = [];
    const failed: unknown[] = [];
    const start = Date.now();
    const poller = new Poller(
      () => {
        began.push((Date.now() - start) / HOUR);
        return began.length === 2 ? Promise.reject(new Error('down')) : Promise.resolve();
      },
      (error) => void failed.push(error),
      { everyMs: HOUR, retryMs: HOUR / 4 },
    );
    poller.start();
    await jest.advanceTimersByTimeAsync(25 * HOUR);
    expect(began.slice(0, 4)).toEqual([0, 1, 1.25, 2.25]);
    expect(began).toHaveLength(26);
    expect(failed).toEqual([new Error('down')]);
    await poller.stop();
    await jest.advanceTimersByTimeAsync(5 * HOUR);
    expect(began).toHaveLength(26);
  });

  it('tells the work under way to end, waits for it, and begins nothing new', async () => {
    let ended = false;
    let runs = 0;
    const poller = new Poller(
      async (signal) => {
        runs += 1;
        await new Promise((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 1000)));
        ended = true;
      },
      () => undefined,
      10,
    );
    poller.start();
    await jest.advanceTimersByTimeAsync(1);
    const stopped = poller.stop();
    await jest.advanceTimersByTimeAsync(999);
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await stopped;
    expect([ended, runs]).toEqual([true, 1]);
  });

  it('works now when it is told to, once for all who ask at a time, and goes on at its pace', async () => {
    let atOnce = 0;
    let most = 0;
    const work = jest.fn(async () => {
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      atOnce -= 1;
    });
    const poller = new Poller(work, () => undefined, HOUR);
    poller.start();
    await jest.advanceTimersByTimeAsync(1);
    // While the first turn is under way, and each has to see a turn that began after it asked.
    const asked = Promise.all([poller.run(), poller.run(), poller.run()]);
    await jest.advanceTimersByTimeAsync(250);
    await asked;
    expect(work).toHaveBeenCalledTimes(2);
    await jest.advanceTimersByTimeAsync(3 * HOUR);
    expect(work.mock.calls.length).toBeLessThanOrEqual(5);
    expect(most).toBe(1);
    const stopping = poller.stop();
    await poller.run();
    await stopping;
    const calls = work.mock.calls.length;
    await jest.advanceTimersByTimeAsync(5 * HOUR);
    expect(work).toHaveBeenCalledTimes(calls);
  });

  it('that is stopped before it began does nothing', async () => {
    const work = jest.fn(() => Promise.resolve());
    const poller = new Poller(work, () => undefined, 10);
    poller.start();
    await poller.stop();
    await jest.advanceTimersByTimeAsync(1000);
    expect(work).not.toHaveBeenCalled();
  });
});
