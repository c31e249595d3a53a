/** A thread of the face engine. Its functions are called by the pool; a second one is called once the first is done. */
import { workerData } from 'node:worker_threads';
import type { FaceAnalysis } from '@rollcall/face-rules';
import { FaceModels, type FaceModelsOptions } from './face-models';
import { analysePicture, type WantedDetails } from './photo-analysis';
import { pictureHash } from './picture-hash';
import { readPicture } from './picture';

export type FaceReport = { readonly analysis: FaceAnalysis } | { readonly refusal: string };

// From the start of the thread, so that one which replaces another is soon ready. If a photo waits already, it is the first run.
let asked = false;
const loading = FaceModels.load(workerData as FaceModelsOptions);
loading.then((models) => (asked ? undefined : models.warm())).catch(() => undefined);

export interface FaceTask extends WantedDetails {
  readonly jpeg: Uint8Array;
  /** Whether a decoder has been through it before. */
  readonly proven: boolean;
  /** Whether the picture is hashed. */
  readonly hashed: boolean;
}

export async function analyse({ jpeg, proven, hashed, ...wanted }: FaceTask): Promise<FaceReport> {
  asked = true;
  let picture;
  try {
    picture = await readPicture(jpeg, proven);
  } catch (error) {
    return { refusal: error instanceof Error ? error.message : String(error) };
  }
  try {
    const { analysis, upright } = await analysePicture(await loading, picture, wanted);
    return { analysis: hashed ? { ...analysis, pictureHash: await pictureHash(upright) } : analysis };
  } catch (error) {
    return await endThread(error);
  }
}

/** Resolves when the models are loaded and each has run once. */
export async function warm(): Promise<void> {
  asked = true;
  await (await loading).warm();
}

/** What failed within the models may have left their memory in any state: the thread is replaced by a new one. */
function endThread(error: unknown): Promise<never> {
  setImmediate(() => {
    throw error;
  });
  return new Promise(() => undefined);
}
