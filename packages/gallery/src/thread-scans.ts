import type { BestRows } from './candidates';
import { ScanThread } from './scan-thread';
import type { ScanRequest, ScanWorkerData } from './scan-worker';

interface ScannedGallery {
  /** What the thread reads, while this one writes to it. */
  readonly memories: Omit<ScanWorkerData, 'module'>;
  /** Another number after every change of a row. */
  readonly version: () => number;
  readonly log: { warn(details: object, message: string): void } | undefined;
}

/** The scans that a gallery has done in a thread, one after the other. The thread starts with the first. */
export class ThreadScans {
  private thread: ScanThread | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly gallery: ScannedGallery) {}

  /**
   * A scan, after those that wait already.
   * @param request asked when it is this scan's turn
   * @param use called with what was found, before anything can change
   * @returns what `use` made of it; null if the scan has to be done again, because rows changed under it: they may
   *   have been moved, and what was found may be another key's by now; or because the thread failed
   */
  run<T>(request: () => ScanRequest, use: (bestRows: BestRows) => T): Promise<T | null> {
    const result = this.last.then(() => this.scan(request(), use));
    this.last = result;
    return result;
  }

  /** Ends the thread once the scans under way are finished. */
  async close(): Promise<void> {
    await this.last;
    await this.thread?.close();
    this.thread = null;
  }

  private async scan<T>(request: ScanRequest, use: (bestRows: BestRows) => T): Promise<T | null> {
    const { version, memories, log } = this.gallery;
    const before = version();
    try {
      if (this.thread?.usable !== true) this.thread = new ScanThread(memories);
      const bestRows = await this.thread.scan(request);
      return version() === before ? use(bestRows) : null;
    } catch (err) {
      log?.warn({ err }, 'The search thread failed; searches block other requests until it works again');
      return null;
    }
  }
}
