import type { Worker } from 'node:worker_threads';
import type { WorkerData, WorkerReport, WorkerRequest } from './worker';
import { startThread } from './thread';

/** First start 2.5-4 s on a slow machine, recovery after a crash up to 4 s; beyond this something is wrong. */
const OPEN_DEADLINE_MS = 120_000;
/** A shutdown writes a checkpoint; when it takes longer than this the next start does that work instead. */
const CLOSE_DEADLINE_MS = 10_000;

type Unnumbered = WorkerRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

interface Waiting {
  resolve: (answer: Uint8Array) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * The main thread's end of the worker that PGlite lives in. Requests are carried out in the order they are made. Once
 * it has failed, it stays failed: what a broken engine answers is worth nothing. Another one takes its place.
 */
export class PgliteEngine {
  /** Resolves when queries are served; rejects when the database cannot be opened. */
  readonly ready: Promise<void>;
  readonly #syncs = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onFatal: (error: Error) => void;
  #lastId = 0;
  #failure: Error | null = null;
  #closing = false;
  #settleReady!: { resolve(): void; reject(error: Error): void };

  /**
   * @param folder where the database is kept; must exist
   * @param deadlineMs how long one request may take before the engine counts as hung; may be changed at any time
   * @param onFatal called once, when the engine has failed
   */
  constructor(
    folder: string,
    public deadlineMs: number,
    onFatal: (error: Error) => void,
  ) {
    this.#onFatal = onFatal;
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.ready.catch(() => undefined); // the caller gets the error there
    const opening = setTimeout(
      () => this.fail(`the embedded database did not open within ${OPEN_DEADLINE_MS / 1000} s`),
      OPEN_DEADLINE_MS,
    );
    this.ready.finally(() => clearTimeout(opening)).catch(() => undefined);

    this.#worker = startThread('worker', { folder, syncs: this.#syncs } satisfies WorkerData);
    this.#worker.on('message', (report: WorkerReport) => this.#take(report));
    this.#worker.on('error', (error) => this.fail(`the embedded database crashed: ${error.message}`));
    this.#worker.on('exit', (code) => this.fail(`the embedded database's thread ended with code ${code}`));
  }

  /** How many times a file was forced to the disk since the start. */
  get syncCount(): number {
    return Atomics.load(this.#syncs, 0);
  }

  /** Has wire protocol messages carried out and resolves to the answer; `bytes` is handed over and unusable after. */
  messages(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return this.#request({ kind: 'messages', bytes }, [bytes.buffer]);
  }

  /** Leaves any transaction and forgets prepared statements, settings, temporary tables and advisory locks. */
  async reset(): Promise<void> {
    await this.#request({ kind: 'reset' });
  }

  /** Shuts the database down after all earlier requests. Never rejects. */
  async close(): Promise<void> {
    if (this.#failure === null) {
      this.#closing = true;
      this.deadlineMs = CLOSE_DEADLINE_MS;
      await this.#request({ kind: 'close' }).catch(() => undefined);
    }
    await this.#worker.terminate();
  }

  /** Declares the engine broken: everything that waits, and everything asked from now on, is refused. */
  fail(message: string): void {
    if (this.#failure !== null) return;
    const error = (this.#failure = new Error(message));
    this.#settleReady.reject(error);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    // Nobody would own its work: a transaction that was reported as failed must not be committed later.
    void this.#worker.terminate();
    if (!this.#closing) this.#onFatal(error);
  }

  #request(request: Unnumbered, transfer: ArrayBuffer[] = []): Promise<Uint8Array> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    const limit = this.deadlineMs;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          this.fail(
            `the embedded database did not answer within ${limit / 1000} s. It will be reopened; acknowledged data is safe. If the disk is full, free space in DATA_DIR`,
          ),
        limit,
      );
      this.#waiting.set(id, { resolve, reject, timer });
      this.#worker.postMessage({ ...request, id } satisfies WorkerRequest, transfer);
    });
  }

  #take(report: WorkerReport): void {
    switch (report.kind) {
      case 'ready':
        return this.#settleReady.resolve();
      case 'fatal':
        return this.fail(`the embedded database stopped: ${report.message}`);
      case 'answer': {
        const waiting = this.#waiting.get(report.id);
        this.#waiting.delete(report.id);
        clearTimeout(waiting?.timer);
        waiting?.resolve(report.bytes);
      }
    }
  }
}
