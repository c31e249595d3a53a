import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PgliteEngine } from './engine';
import { acquireLock, type FolderLock } from './lock-file';

/** The folder of a database, and what is done when it fails. */
export interface FolderOptions {
  /** The folder the database is kept in (with its lock file); created when it is missing, its parents too. */
  dataDir: string;
  /** How long one query may take, in milliseconds, before the database counts as hung and is opened again. */
  queryDeadlineMs: number;
  /** The folder is somebody else's now: nothing may be written any more. Called at most once. */
  onFatal: (error: Error) => void;
  /**
   * The database has failed: what ran is refused, what comes now waits until the database is open again. Called with
   * the reason, and again with each reason why it could not be opened; in between it is tried again.
   */
  onFailure?: (error: Error) => void;
}

/** Pauses between attempts to open the database again: what is in the way, such as a full disk, may stay for hours. */
const REOPEN_FIRST_MS = 200;
const REOPEN_LONGEST_MS = 5000;

/** The database of a folder: locks the folder, starts the engine, and starts another one when it fails. */
export class OpenFolder {
  readonly #options: FolderOptions;
  readonly #folder: string;
  readonly #onBroken: (error: Error) => void;
  readonly #ending = new AbortController();
  #lock: FolderLock | null = null;
  #engine: PgliteEngine | null = null;
  #reopening: Promise<void> | null = null;
  /** Why nothing may be opened any more: the folder belongs to another process. */
  #lost: Error | null = null;

  /** @param onBroken ends what uses the engine: it has failed */
  constructor(options: FolderOptions, onBroken: (error: Error) => void) {
    this.#options = options;
    this.#folder = resolve(options.dataDir);
    this.#onBroken = onBroken;
  }

  /** null before it was opened. */
  get engine(): PgliteEngine | null {
    return this.#engine;
  }

  /** @throws Error if the folder is in use, or the engine does not start */
  async open(): Promise<void> {
    const lock = (this.#lock = await acquireLock(this.#folder, {
      onLost: (error) => {
        this.#lost = error;
        this.#engine?.fail(error.message);
      },
    }));
    try {
      this.#engine = await this.#startEngine();
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** The engine, once it serves. @throws Error if it never will */
  async serving(): Promise<PgliteEngine> {
    while (this.#reopening !== null) await this.#reopening;
    if (this.#lost !== null) throw new Error(`the embedded database stopped: ${this.#lost.message}`);
    if (this.#engine === null || this.#ending.signal.aborted) {
      throw new Error('the embedded database is not open');
    }
    return this.#engine;
  }

  /** Callers that wait for the database to be opened again get an error. */
  stopReopening(): void {
    if (this.#reopening !== null) this.#ending.abort();
  }

  /** Closes the engine and releases the folder. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#reopening;
    await this.#engine?.close();
    this.#lock?.release();
  }

  /** A failure while opening goes to the caller; one later has the database opened again. */
  async #startEngine(): Promise<PgliteEngine> {
    let opened = false;
    const engine = new PgliteEngine(this.#folder, this.#options.queryDeadlineMs, (error) => {
      if (opened) this.#recover(engine, error);
    });
    try {
      await engine.ready;
      opened = true;
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  #recover(broken: PgliteEngine, error: Error): void {
    this.#onBroken(error);
    if (this.#lost !== null) return this.#options.onFatal(error);
    this.#options.onFailure?.(error);
    this.#reopening = this.#reopen(broken).finally(() => (this.#reopening = null));
  }

  /** Resolves when the database is open again, or is not wanted any more. */
  async #reopen(broken: PgliteEngine): Promise<void> {
    // Only once the thread is certainly gone: two of them on one folder corrupt it.
    await broken.close();
    const { signal } = this.#ending;
    for (let pause = REOPEN_FIRST_MS; !signal.aborted && this.#lost === null; pause *= 2) {
      try {
        this.#engine = await this.#startEngine();
        return;
      } catch (error) {
        this.#options.onFailure?.(error as Error);
      }
      const ms = Math.min(pause, REOPEN_LONGEST_MS);
      await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
