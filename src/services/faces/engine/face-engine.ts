import { join } from 'node:path';
import type { Logger } from 'pino';
import { Piscina } from 'piscina';
import type { FaceAnalysis } from '@rollcall/face-rules';
import { type RollcallError, unavailable } from '../../../errors';
import type { FaceModelsOptions } from './face-models';
import type { FaceReport, FaceTask } from './face-worker';
import { currentRequest } from '../../../request-scope';
import { Displaced, FairLine } from '../../turns/fair-line';

export interface FaceEngineOptions {
  /** Threads, of about 100 MB each (docs/design/performance.md); each keeps a core busy while there is work. */
  readonly workers: number;
  /** Photos that may wait while every worker has one; more are turned away at once. */
  readonly queueLimit: number;
  /** How long one photo may take, its wait included; and how long a worker may take for one before it is replaced. */
  readonly timeoutMs: number;
  /** The model that describes faces. */
  readonly model: FaceModelsOptions;
  /** Whether every picture is hashed, so that its copies are recognised. */
  readonly hashPictures?: boolean;
  readonly log: Logger;
  /** What the threads run: another file shows in tests what happens when they fail. */
  readonly script?: string;
}

interface AnalysisOptions {
  /** Whether a decoder has been through the photo (default); false: one that is not whole is an UnreadablePicture. */
  readonly proven?: boolean;
  /** Whether what surrounds the face is cut out, by which the photos of a challenge are compared. */
  readonly surroundings?: boolean;
}

/** What a photo is assumed to take before one has been measured, in milliseconds. */
const FIRST_GUESS_MS = 100;
/** Loading takes a second; a service must not wait for ever for a thread that does not start. */
const WARM_UP_MS = 60_000;
/** Weight of the latest photo in the running mean of durations. */
const LATEST = 0.2;

/** The bytes are no picture, or a damaged one. */
export class UnreadablePicture extends Error {
  override readonly name = 'UnreadablePicture';
}

/** Looks for faces in photos in its own threads: the event loop stays free. */
export class FaceEngine {
  private readonly options: FaceEngineOptions;
  /** Requesters take turns: one with many photos does not keep another waiting. */
  private readonly line: FairLine;
  private readonly requests = new Set<AbortController>();
  private closed = false;
  private pool: Piscina<FaceTask | undefined, FaceReport> | null = null;
  private meanMs = FIRST_GUESS_MS;

  constructor(options: FaceEngineOptions) {
    this.options = options;
    this.line = new FairLine({ places: options.workers, limit: options.queueLimit });
  }

  /**
   * @param jpeg as the photo reader gave it
   * @throws RollcallError UNAVAILABLE with `retryAfterSeconds`: too many photos wait, this one's time is over, or
   * its worker failed (and is replaced). UnreadablePicture.
   */
  async analyse(
    jpeg: Buffer,
    { proven = true, surroundings = false }: AnalysisOptions = {},
  ): Promise<FaceAnalysis> {
    if (this.closed) throw stopping();
    const caller = currentRequest()?.caller ?? 'service';
    if (this.line.isFull(caller)) throw this.crowded();
    // One controller for both ends, since AbortSignal.any keeps something of every request in a lasting signal.
    const request = new AbortController();
    this.requests.add(request);
    const timer = setTimeout(() => request.abort(), this.options.timeoutMs);
    try {
      return await this.takeTurn(
        { jpeg, proven, surroundings, hashed: this.hashesPictures },
        caller,
        request.signal,
      );
    } catch (error) {
      if (this.closed) throw stopping();
      if (error instanceof Displaced) throw this.crowded(error);
      if (request.signal.aborted)
        throw this.retryLater('Analysing the photo took too long; try again', error);
      throw error;
    } finally {
      clearTimeout(timer);
      this.requests.delete(request);
    }
  }

  /** Starts all workers and has each run its models once: what the first photo would otherwise wait for. */
  async warm(): Promise<void> {
    const pool = this.start();
    const signal = AbortSignal.timeout(WARM_UP_MS);
    await Promise.all(
      Array.from({ length: this.options.workers }, () => pool.run(undefined, { name: 'warm', signal })),
    );
  }

  /** Starts the workers, if they do not run yet. Returns at once. */
  prepare(): void {
    if (!this.closed) this.start();
  }

  /** Whether pictures are hashed, so that copies are recognised. */
  get hashesPictures(): boolean {
    return this.options.hashPictures ?? false;
  }

  /** Photos that wait for a worker or are with one. */
  get queueSize(): number {
    return this.line.size;
  }

  /** Ends at once; what waits or runs is answered with UNAVAILABLE. */
  async close(): Promise<void> {
    // The pool first: a worker that is aborted is replaced otherwise.
    this.closed = true;
    const ended = this.pool?.destroy();
    for (const request of this.requests) request.abort();
    await ended;
  }

  private async takeTurn(task: FaceTask, caller: string, signal: AbortSignal): Promise<FaceAnalysis> {
    await this.line.enter(caller, signal);
    const begin = performance.now();
    const work = this.run(task).finally(() => {
      this.meanMs += LATEST * (performance.now() - begin - this.meanMs);
      this.line.leave(caller);
    });
    return await orAborted(work, signal);
  }

  /**
   * The worker has all of the time for itself, whatever is left of the request's: under load many a request ends
   * while its photo is looked at, and to replace a healthy worker each time would make the load a breakdown.
   */
  private async run(task: FaceTask): Promise<FaceAnalysis> {
    const hung = new AbortController();
    const timer = setTimeout(() => hung.abort(), this.options.timeoutMs);
    let report: FaceReport;
    try {
      report = await this.start().run(task, { signal: hung.signal });
    } catch (error) {
      if (this.closed) throw error;
      const reason = hung.signal.aborted
        ? 'no answer within the time limit'
        : error instanceof Error
          ? error.message
          : String(error);
      this.options.log.warn({ reason }, 'Replacing a face worker');
      throw this.retryLater('Could not analyse the photo; try again', error);
    } finally {
      clearTimeout(timer);
    }
    if ('refusal' in report) throw new UnreadablePicture(report.refusal);
    return report.analysis;
  }

  private start(): Piscina<FaceTask | undefined, FaceReport> {
    if (this.closed) throw stopping();
    this.pool ??= this.createPool();
    return this.pool;
  }

  private createPool(): Piscina<FaceTask | undefined, FaceReport> {
    const { workers, model, log, script = join(__dirname, 'face-worker.js') } = this.options;
    const pool = new Piscina<FaceTask | undefined, FaceReport>({
      filename: script,
      name: 'analyse',
      workerData: model,
      minThreads: workers,
      maxThreads: workers,
      idleTimeout: Infinity,
      // A thread asleep between photos would not come to free what they left.
      atomics: 'disabled',
      recordTiming: false,
    });
    // A thread that fails between two photos; the pool replaces it.
    pool.on('error', (error: Error) => log.warn({ reason: error.message }, 'Replacing a face worker'));
    return pool;
  }

  private crowded(cause?: unknown): RollcallError {
    return this.retryLater('Too many photos are being analysed; try again', cause);
  }

  private retryLater(message: string, cause?: unknown): RollcallError {
    const seconds = (this.line.size * this.meanMs) / this.options.workers / 1000;
    return unavailable(message, cause, { retryAfterSeconds: Math.max(1, Math.ceil(seconds)) });
  }
}

const stopping = (): RollcallError => unavailable('The service is stopping; try again shortly');

/** The work's outcome, or the signal's reason if that comes first; the work goes on then. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}
