/** A face worker that does what the bytes of the "photo" say: failures that no photo can cause. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaceReport, FaceTask } from '../../src/services/faces/engine/face-worker';

const NOBODY: FaceReport = { analysis: { width: 1, height: 1, brightness: 0, faces: [], main: null } };

export async function analyse({ jpeg }: FaceTask): Promise<FaceReport> {
  const [what, milliseconds] = Buffer.from(jpeg).toString().split(' ');
  if (what === 'sleep') await sleep(Number(milliseconds));
  if (what === 'hang') for (;;);
  if (what === 'exit') process.exit(1);
  if (what === 'crash') {
    setImmediate(() => {
      throw new Error('out of memory');
    });
    await new Promise(() => undefined);
  }
  return NOBODY;
}

export const warm = (): Promise<void> => Promise.resolve();
