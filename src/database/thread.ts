import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Starts a thread of this folder's. From TypeScript sources (development) it has to compile what it loads, exactly like
 * its parent.
 * @param script its file, without the ending
 */
export function startThread(script: string, workerData: object): Worker {
  const compiled = !__filename.endsWith('.ts');
  return new Worker(join(__dirname, `${script}${compiled ? '.js' : '.ts'}`), {
    workerData,
    ...(compiled ? {} : { execArgv: ['-r', require.resolve('@swc-node/register')] }),
  });
}
