import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BestRows } from './candidates';
import { kernelModule } from './kernels/wasm';
import type { ScanReport, ScanRequest, ScanWorkerData } from './scan-worker';

interface Waiting {
  resolve(bestRows: BestRows): void;
  reject(error: Error): void;
}

/** The main thread's end of a thread that scans a gallery too large to be scanned between two requests. */
export class ScanThread {
  private readonly worker: Worker;
  private waiting: Waiting | null = null;
  private failure: Error | null = null;

  /** @param gallery the memories, which stay this thread's to write to */
  constructor(gallery: Omit<ScanWorkerData, 'module'>) {
    this.worker = startWorker({ ...gallery, module: kernelModule('i8') });
    // Nothing depends on it but scans, and who waits for one has a request open.
    this.worker.unref();
    this.worker.on('message', (report: ScanReport) => this.settle(report));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the scanning thread ended')));
  }

  /** Whether it takes scans. */
  get usable(): boolean {
    return this.failure === null;
  }

  /** One scan; to be called only when no other is under way. Rejects when the thread has failed. */
  scan(request: ScanRequest): Promise<BestRows> {
    if (this.failure !== null) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    this.fail(new Error('the scanning thread was closed'));
    await this.worker.terminate();
  }

  private settle(report: ScanReport): void {
    const { waiting } = this;
    this.waiting = null;
    if ('error' in report) waiting?.reject(new Error(report.error));
    else waiting?.resolve(report);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(error);
    this.waiting = null;
  }
}

const startWorker = (data: ScanWorkerData): Worker =>
  new Worker(join(__dirname, 'scan-worker.js'), { workerData: data });
