import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** PGlite's work is done in WebAssembly's memory: more room for short-lived objects would only be held, not used. */
const YOUNG_GENERATION_MB = 8;

/**
 * Starts a thread of this folder's. From TypeScript sources (development) it has to compile what it loads, exactly like
 * its parent.
 * @param script its file, without the ending
 */
export function startThread(script: string, workerData: object): Worker {
  const compiled = !__filename.endsWith('.ts');
  return new Worker(join(__dirname, `${script}${compiled ? '.js' : '.ts'}`), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    ...(compiled ? {} : { execArgv: ['-r', require.resolve('@swc-node/register')] }),
  });
}
