import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './storage-fault';

interface Syncs {
  readonly running: Promise<void>;
  next?: Promise<void>;
}

/** Creates folders that survive a power cut, and syncs them after renames. */
export class DurableFolders {
  private readonly known = new Map<string, Promise<void>>();
  private readonly syncs = new Map<string, Syncs>();

  /** @param root an absolute path of a folder that exists; only folders below it are made */
  constructor(private readonly root: string) {}

  /** Makes a folder and those above it, for our own eyes only. Remembered, so that the next call is free. */
  ensure(folder: string): Promise<void> {
    const known = this.known.get(folder);
    if (known) return known;
    const made = this.make(folder);
    this.known.set(folder, made);
    // What failed is tried again next time.
    made.catch(() => this.known.delete(folder));
    return made;
  }

  /** After somebody removed folders under our feet. */
  forget(): void {
    this.known.clear();
  }

  /**
   * Resolves once everything that was renamed into the folder before the call is on the disk. Calls that arrive
   * while a sync runs share the next one: the running one may have begun before their rename.
   */
  sync(folder: string): Promise<void> {
    const current = this.syncs.get(folder);
    if (!current) return this.startSync(folder);
    current.next ??= current.running.catch(() => undefined).then(() => this.startSync(folder));
    return current.next;
  }

  private async make(folder: string): Promise<void> {
    if (folder === this.root) return;
    const parent = dirname(folder);
    await this.ensure(parent);
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    // Even if it existed: the process that created it may have crashed before the sync.
    await this.sync(parent);
  }

  private startSync(folder: string): Promise<void> {
    const syncs: Syncs = { running: syncFolder(folder) };
    this.syncs.set(folder, syncs);
    const done = () => {
      if (!syncs.next) this.syncs.delete(folder);
    };
    syncs.running.then(done, done);
    return syncs.running;
  }
}

/** Opened each time: an open handle would sync a folder that may have been replaced. */
async function syncFolder(folder: string): Promise<void> {
  // Windows knows no sync of folders and refuses to open one.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
