/** Measures the face engine: speed, what the main thread notices of it, memory. bench/README.md says how to read it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { report } from './report';
import type { Outcome, Setting } from './run';

/** Of the long run, in which memory must not grow. A multiple of ten. */
const IMAGES = Number(process.env['BENCH_IMAGES'] ?? 5000);
const SHORT = 300;

async function measure(setting: Setting): Promise<Outcome> {
  process.stderr.write(`${setting.workers} workers, ${setting.images} images\n`);
  const child = fork(join(__dirname, 'run.ts'), { execArgv: ['-r', require.resolve('@swc-node/register')] });
  child.send(setting);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The measurement ended with code ${String(code)}`);
  });
  const [outcome] = (await Promise.race([once(child, 'message'), ended])) as [Outcome];
  return outcome;
}

async function main(): Promise<void> {
  const [loadBefore = NaN] = loadavg();
  const outcomes = [
    await measure({ workers: 1, images: SHORT }),
    await measure({ workers: 2, images: SHORT }),
  ];
  const growth = await measure({ workers: 1, images: IMAGES });
  process.stdout.write(`${report([...outcomes, growth], growth)}

Node ${process.version}, ${cpus().length} cores; load average ${loadBefore.toFixed(1)} before the run.
`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
