import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Starts a thread of this folder's.
 * @param script its compiled file, without the ending
 */
export const startThread = (script: string, workerData: object): Worker =>
  new Worker(join(__dirname, `${script}.js`), { workerData });
