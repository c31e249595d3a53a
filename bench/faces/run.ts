/** One measurement in a process of its own, so that memory is that of this setting alone. Started by main.ts. */
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { pino } from 'pino';
import { FaceEngine } from '../../src/services/faces/engine/face-engine';
import { readManifest } from '../../src/services/faces/engine/recognizer-manifest';
import { peakMegabytes } from '../check-attendance/process-meter';
import { createPhotos } from './workload';

export interface Setting {
  readonly workers: number;
  readonly images: number;
}

export interface Outcome extends Setting {
  /** From the start of the engine until all its workers are ready, in milliseconds. */
  readonly warmMs: number;
  readonly seconds: number;
  /** Milliseconds of each image, in the order in which they were done. */
  readonly latencies: readonly number[];
  /** Of the main thread, in milliseconds beyond the timer's own. */
  readonly loopDelay: { readonly p99: number; readonly max: number };
  /** Resident megabytes after each tenth of the images, and at most. */
  readonly megabytes: readonly number[];
  readonly peak: number;
}

const BUILT_MODELS = join(__dirname, '../../dist/models');
/** Before anything is measured: V8 and the allocators come to rest. */
const WARM_UP_IMAGES = 40;
/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 1;

async function run({ workers, images }: Setting): Promise<Outcome> {
  const photos = await createPhotos();
  const engine = new FaceEngine({
    model: { folder: BUILT_MODELS, manifest: await readManifest(BUILT_MODELS) },
    workers,
    queueLimit: workers,
    timeoutMs: 60_000,
    script: join(__dirname, '../../dist/src/services/faces/engine/face-worker.js'),
    log: pino({ level: 'warn' }, pino.destination(2)),
  });
  const begin = performance.now();
  await engine.warm();
  const warmMs = performance.now() - begin;

  let [next, done] = [0, 0];
  const latencies: number[] = [];
  const megabytes: number[] = [];
  /** One image after another; as many of these as there are workers keep all of them busy. */
  const client = async (limit: number): Promise<void> => {
    while (next < limit) {
      const photo = photos[next++ % photos.length] as Buffer;
      const start = performance.now();
      const { main } = await engine.analyse(photo);
      latencies.push(performance.now() - start);
      if (main === null) throw new Error('A face was not found');
      if (++done % (limit / 10) === 0) megabytes.push(process.memoryUsage().rss / 2 ** 20);
    }
  };
  const all = (limit: number): Promise<unknown> =>
    Promise.all(Array.from({ length: workers }, () => client(limit)));

  await all(WARM_UP_IMAGES);
  [next, done] = [0, 0];
  latencies.length = megabytes.length = 0;
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
  loop.enable();
  const start = performance.now();
  await all(images);
  const seconds = (performance.now() - start) / 1000;
  loop.disable();
  await engine.close();
  const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  return {
    workers,
    images,
    warmMs,
    seconds,
    latencies,
    loopDelay: { p99: beyond(loop.percentile(99)), max: beyond(loop.max) },
    megabytes,
    peak: peakMegabytes(process.pid),
  };
}

process.once('message', (setting: Setting) => {
  run(setting).then(
    (outcome) => process.send?.(outcome, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
