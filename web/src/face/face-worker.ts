/** The page's thread for faces: a frame takes a tenth of a second, in which the page has to stay alive. */
import { lookAt } from './look';
import { Models } from './models';
import type { FaceAnswerMessage, FaceAnswers, FaceRequest, FaceRequestMessage } from './protocol';

declare const self: DedicatedWorkerGlobalScope;

/** Longest side in pixels at which a frame is judged; the detector reduces to 320 anyway. */
const LOOK_SIDE = 640;
const JPEG = { type: 'image/jpeg', quality: 0.92 };

const loading = Models.load();
loading.catch(() => undefined);

let kept: ImageBitmap | null = null;
let looks = 0;
const canvases = new Map<string, OffscreenCanvas>();

/** A canvas for one purpose, reused: a new one for every frame would have the collector run all day. */
function canvasFor(purpose: string, width: number, height: number): OffscreenCanvasRenderingContext2D {
  const canvas = canvases.get(purpose) ?? new OffscreenCanvas(width, height);
  canvases.set(purpose, canvas);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('There is no 2d canvas');
  return context;
}

function pixelsOf(frame: ImageBitmap, purpose: string, side: number): ImageData {
  const scale = Math.min(1, side / Math.max(frame.width, frame.height));
  const [width, height] = [Math.round(frame.width * scale), Math.round(frame.height * scale)];
  const context = canvasFor(purpose, width, height);
  context.drawImage(frame, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

async function photo(): Promise<Blob> {
  if (kept === null) throw new Error('There is no frame yet');
  const context = canvasFor('photo', kept.width, kept.height);
  context.drawImage(kept, 0, 0);
  return await context.canvas.convertToBlob(JPEG);
}

async function answer(request: FaceRequest): Promise<FaceAnswers[keyof FaceAnswers]> {
  switch (request.type) {
    case 'look': {
      kept?.close();
      kept = request.frame;
      looks++;
      const { width, height } = kept;
      return await lookAt(await loading, pixelsOf(kept, 'look', LOOK_SIDE), { width, height }, request.pose);
    }
    case 'photo':
      return await photo();
  }
}

self.onmessage = ({ data }: MessageEvent<FaceRequestMessage>) => {
  const reply = (message: FaceAnswerMessage): void => self.postMessage(message);
  answer(data).then(
    (result) => reply({ id: data.id, answer: result }),
    (error: unknown) => reply({ id: data.id, error: error instanceof Error ? error.message : String(error) }),
  );
};

// For the test that looks for leaks, and for the developer tools.
Object.assign(self, { tensorCount: async () => (await loading).tensors, lookCount: () => looks });
