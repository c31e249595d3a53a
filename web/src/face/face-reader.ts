import FaceWorker from './face-worker?worker';
import type { FaceAnswerMessage, FaceAnswers, FaceRequest, Look } from './protocol';

/** The models take a while on a slow tablet the first time. A worker that takes longer than this has died. */
const DEADLINE_MS = 30_000;

interface Waiting {
  readonly resolve: (answer: FaceAnswers[keyof FaceAnswers]) => void;
  readonly reject: (error: Error) => void;
}

/** The page's side of the face worker, which it starts when first asked and again after it failed. */
export class FaceReader {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** Begins to load the models. */
  warm(): void {
    this.start();
  }

  /** Judges a frame, which is handed over to the worker. */
  look(frame: ImageBitmap, pose: 'frontal' | 'any' = 'frontal'): Promise<Look> {
    return this.ask<'look'>({ type: 'look', frame, pose }, [frame]);
  }

  /** The frame of the last look as JPEG. */
  photo(): Promise<Blob> {
    return this.ask<'photo'>({ type: 'photo' });
  }

  close(): void {
    this.fail('The page is leaving');
  }

  private async ask<T extends keyof FaceAnswers>(
    request: FaceRequest & { readonly type: T },
    transfer: Transferable[] = [],
  ): Promise<FaceAnswers[T]> {
    const id = ++this.lastId;
    const worker = this.start();
    const timer = setTimeout(() => this.fail('The face worker does not answer'), DEADLINE_MS);
    try {
      const answer = await new Promise<FaceAnswers[keyof FaceAnswers]>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        worker.postMessage({ ...request, id }, transfer);
      });
      return answer as FaceAnswers[T];
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  private start(): Worker {
    if (this.worker !== null) return this.worker;
    const worker = new FaceWorker();
    worker.onmessage = ({ data }: MessageEvent<FaceAnswerMessage>) => {
      const waiting = this.waiting.get(data.id);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.answer);
    };
    worker.onerror = (event) => this.fail(event.message || 'The face worker failed');
    this.worker = worker;
    return worker;
  }

  /** Ends the worker and all pending questions. The next question starts another worker. */
  private fail(reason: string): void {
    this.worker?.terminate();
    this.worker = null;
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
  }
}
