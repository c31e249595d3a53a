/**
 * Real: the pool of threads, the models where photos are looked at. Fake: for failures that no photo can cause a
 * worker that does as it is told.
 */
import { type DestinationStream, pino } from 'pino';
import { RollcallError } from '../../src/errors';
import type { FaceEngine, FaceEngineOptions } from '../../src/services/faces/engine/face-engine';
import { compiled } from '../support/compiled';
import { photo } from '../support/photos';
import { engineWith } from '../support/faces';

const SCRIPT = compiled('test/support/failing-face-worker.js');
const task = (what: string): Buffer => Buffer.from(what);

const engines: FaceEngine[] = [];
const logged: string[] = [];

function engine(options: Partial<FaceEngineOptions> = {}): FaceEngine {
  const destination: DestinationStream = { write: (line) => logged.push(line) };
  const made = engineWith({ log: pino({}, destination), ...options });
  engines.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((made) => made.close()));
  logged.length = 0;
});

async function refusal(answer: Promise<unknown>): Promise<RollcallError> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
  throw new Error('it was answered');
}

async function retryAfter(answer: Promise<unknown>): Promise<number> {
  const error = await refusal(answer);
  expect(error.code).toBe('UNAVAILABLE');
  const seconds = error.details['retryAfterSeconds'];
  expect(Number.isInteger(seconds)).toBe(true);
  expect(seconds).toBeGreaterThanOrEqual(1);
  return seconds as number;
}

it('the engine looks at photos with several workers, warmed up or not', async () => {
  const two = engine({ workers: 2 });
  await two.warm();
  const answers = await Promise.all(Array.from({ length: 4 }, () => two.analyse(photo('sample.jpg'))));
  expect(answers.map(({ faces }) => faces.length)).toEqual([1, 1, 1, 1]);
  const cold = engine();
  expect((await cold.analyse(photo('sample.jpg'))).main).not.toBeNull();
});

it('the engine refuses bytes that are no picture, and goes on', async () => {
  const one = engine();
  await expect(one.analyse(task('no picture'))).rejects.toThrow('Could not decode the photo');
  expect((await one.analyse(photo('sample.jpg'))).faces).toHaveLength(1);
});

it('the engine turns away at once what finds the queue full, and says when to come back', async () => {
  const small = engine({ queueLimit: 2, script: SCRIPT });
  await small.warm();
  await small.analyse(task('sleep 900'));
  const accepted = Array.from({ length: 3 }, () => small.analyse(task('sleep 300')));
  const seconds = await retryAfter(small.analyse(task('sleep 300')));
  // Three ahead, at a mean between the guess (300 ms) and what was measured (900 ms).
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(3);
  await Promise.all(accepted);
  await small.analyse(task('fine'));
});

describe('a photo that nobody has decoded before', () => {
  it('is proven by the engine: one that is cut off is no picture', async () => {
    const one = engine();
    const whole = photo('grace-hopper.jpg');
    expect((await one.analyse(whole, { proven: false })).main).not.toBeNull();
    const end = whole.subarray(-2);
    for (const share of [0.5, 0.9, 0.97]) {
      const cut = Buffer.concat([whole.subarray(0, Math.floor(whole.length * share)), end]);
      await expect(one.analyse(cut, { proven: false })).rejects.toThrow('Could not decode the photo');
      // One that the photo reader has mended is looked at as far as it goes.
      expect((await one.analyse(cut)).faces).toBeDefined();
    }
  });

  it('gives the same face as one that was decoded before', async () => {
    const one = engine();
    for (const name of ['grace-hopper.jpg', 'exif-gps-rotated.jpg', 'photo.png']) {
      const [a, b] = [await one.analyse(photo(name)), await one.analyse(photo(name), { proven: false })];
      expect(a.main?.embedding).toEqual(b.main?.embedding);
    }
  });
});

it('the engine answers first come, first served', async () => {
  const one = engine({ script: SCRIPT });
  const order: number[] = [];
  await Promise.all(
    [30, 20, 10, 0, 5].map((milliseconds, i) =>
      one.analyse(task(`sleep ${milliseconds}`)).then(() => order.push(i)),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

it('the engine replaces a worker that hangs, and answers the next request', async () => {
  const one = engine({ timeoutMs: 1500, script: SCRIPT });
  await one.warm();
  await retryAfter(one.analyse(task('hang')));
  // The new one may need longer to start than a photo may wait.
  await one.warm();
  await one.analyse(task('fine'));
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('Replacing a face worker');
});

it('the engine gives up what waited too long, but not the worker that is just looking at it', async () => {
  // The second one is looked at when its time ends, and would have an answer a second later.
  const one = engine({ timeoutMs: 5000, script: SCRIPT });
  await one.warm();
  const first = one.analyse(task('sleep 3000'));
  const second = one.analyse(task('sleep 3000'));
  await first;
  await retryAfter(second);
  await one.analyse(task('fine'));
  expect(logged).toEqual([]);
});

it.each(['exit', 'crash'])(
  'the engine replaces a worker that ends (%s), and answers those who wait',
  async (how) => {
    const one = engine({ script: SCRIPT });
    const failed = retryAfter(one.analyse(task(how)));
    const waiting = one.analyse(task('fine'));
    await failed;
    await waiting;
    await one.analyse(task('fine'));
    expect(logged.join()).toContain('Replacing a face worker');
  },
);

it('the engine survives a worker that ends again and again', async () => {
  const two = engine({ workers: 2, script: SCRIPT });
  for (let round = 0; round < 5; round++) {
    await Promise.all([retryAfter(two.analyse(task('exit'))), retryAfter(two.analyse(task('crash')))]);
    await two.analyse(task('fine'));
  }
});

it('the engine closes during work: running and waiting work is refused as retryable', async () => {
  const one = engine({ script: SCRIPT });
  await one.warm();
  const begin = performance.now();
  const answers = ['hang', 'fine', 'fine'].map((what) => refusal(one.analyse(task(what))));
  await one.close();
  for (const error of await Promise.all(answers)) expect(error.code).toBe('UNAVAILABLE');
  expect((await refusal(one.analyse(task('fine')))).code).toBe('UNAVAILABLE');
  // What it works on would take for ever.
  expect(performance.now() - begin).toBeLessThan(30_000);
  expect(logged).toEqual([]);
});

it('the engine closes before it has started, and does not start afterwards', async () => {
  const idle = engine();
  const answer = refusal(idle.analyse(photo('sample.jpg')));
  await idle.close();
  expect((await answer).code).toBe('UNAVAILABLE');
  expect((await refusal(idle.warm())).code).toBe('UNAVAILABLE');
});
