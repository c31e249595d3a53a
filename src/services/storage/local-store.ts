import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, opendir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DurableFolders } from './durable-folders';
import { isMissing, storageFault } from './storage-fault';

/** Written and on the disk, but not yet under its final name. */
export interface StagedFile {
  readonly path: string;
}

export interface ListedFile {
  /** As `publish` took it. */
  readonly path: string;
  readonly modifiedAt: Date;
}

/** There is no file at this media path. */
export class LocalFileMissing extends Error {
  override readonly name = 'LocalFileMissing';

  constructor(readonly path: string) {
    super(`No file at ${path}`);
  }
}

/**
 * The durable copies under DATA_DIR: `media` for what is published, `incoming` for what is being written. Both lie on
 * one file system, so that publishing is a rename: a reader sees the whole file or none.
 *
 * Every method throws UNAVAILABLE when the disk is full, read-only or broken. Paths are relative to `media`, with
 * forward slashes; one that is not throws an Error, as paths are made by us.
 */
export class LocalStore {
  /** Absolute; what the media route serves from. */
  readonly mediaDir: string;
  private readonly dataDir: string;
  private readonly incomingDir: string;
  private readonly folders: DurableFolders;

  constructor(dataDir: string) {
    this.dataDir = resolve(dataDir);
    this.mediaDir = join(this.dataDir, 'media');
    this.incomingDir = join(this.dataDir, 'incoming');
    this.folders = new DurableFolders(this.dataDir);
  }

  /** Makes the folders, readable by this user only: they hold photos of people. */
  async open(): Promise<void> {
    try {
      await mkdir(this.dataDir, { recursive: true, mode: 0o700 });
      await Promise.all([this.folders.ensure(this.mediaDir), this.folders.ensure(this.incomingDir)]);
    } catch (error) {
      throw storageFault(error);
    }
  }

  /** Writes and syncs the bytes. What is staged is published or discarded; a crash leaves it to the sweep. */
  async stage(bytes: Buffer): Promise<StagedFile> {
    const staged = { path: join(this.incomingDir, `${randomUUID()}.part`) };
    try {
      const handle = await open(staged.path, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        // Data and size; the times of the inode may be lost.
        await handle.datasync();
      } finally {
        await handle.close();
      }
      return staged;
    } catch (error) {
      await this.discard(staged);
      throw storageFault(error);
    }
  }

  /** Moves a staged file to its place, over an older one. Once this resolves, a power cut cannot undo it. */
  async publish(staged: StagedFile, path: string): Promise<void> {
    const target = this.locate(path);
    const folder = dirname(target);
    try {
      await this.folders.ensure(folder);
      try {
        await rename(staged.path, target);
      } catch (error) {
        if (!isMissing(error)) throw error;
        // A remembered folder was removed by hand.
        this.folders.forget();
        await this.folders.ensure(folder);
        await rename(staged.path, target);
      }
      await this.folders.sync(folder);
    } catch (error) {
      await this.discard(staged);
      throw storageFault(error);
    }
  }

  /** Removes a staged file. Never throws: what is left is swept later. */
  async discard(staged: StagedFile): Promise<void> {
    await rm(staged.path, { force: true }).catch(() => undefined);
  }

  /** Stages and publishes. */
  async writeDurable(bytes: Buffer, path: string): Promise<void> {
    await this.publish(await this.stage(bytes), path);
  }

  /** Removes a published file; one that is not there is as good as removed. */
  async remove(path: string): Promise<void> {
    const target = this.locate(path);
    try {
      await unlink(target);
      // Somebody's photo that was erased must not be back after a power cut.
      await this.folders.sync(dirname(target));
    } catch (error) {
      if (!isMissing(error)) throw storageFault(error);
    }
  }

  /** @throws LocalFileMissing */
  async read(path: string): Promise<Buffer> {
    try {
      return await readFile(this.locate(path));
    } catch (error) {
      throw isMissing(error) ? new LocalFileMissing(path) : storageFault(error);
    }
  }

  /** When a published file was written, or null when there is none. */
  async modifiedAt(path: string): Promise<Date | null> {
    try {
      return (await stat(this.locate(path))).mtime;
    } catch (error) {
      if (isMissing(error)) return null;
      throw storageFault(error);
    }
  }

  /** All files below a folder, in no order; none when it does not exist. Links are not followed. */
  async *list(folder: string): AsyncGenerator<ListedFile, void, void> {
    for await (const { path, modifiedAt } of walk(this.locate(folder))) {
      yield { path: `${folder}/${path}`, modifiedAt };
    }
  }

  /** Removes what was staged before a time and never published, because the process died in between. */
  async sweepIncoming(olderThan: Date): Promise<number> {
    let removed = 0;
    for await (const { path, modifiedAt } of walk(this.incomingDir)) {
      if (modifiedAt >= olderThan || !path.endsWith('.part')) continue;
      await this.discard({ path: join(this.incomingDir, path) });
      removed += 1;
    }
    return removed;
  }

  /** Proves by writing that a photo can be stored now: free space and permissions that are only read can lie. */
  async writable(): Promise<void> {
    await this.discard(await this.stage(Buffer.alloc(4096)));
    try {
      await access(this.mediaDir, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw storageFault(error);
    }
  }

  private locate(path: string): string {
    const plain = path.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^\.{1,2}$/.test(part));
    if (!plain) throw new Error('Not a path below the media folder');
    return join(this.mediaDir, path);
  }
}

/** Files below a folder with paths relative to it; what vanishes meanwhile is left out. */
async function* walk(folder: string, prefix = ''): AsyncGenerator<ListedFile, void, void> {
  try {
    for await (const entry of await opendir(folder)) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        yield* walk(join(folder, entry.name), `${path}/`);
      } else if (entry.isFile()) {
        const info = await stat(join(folder, entry.name)).catch(() => null);
        if (info) yield { path, modifiedAt: info.mtime };
      }
    }
  } catch (error) {
    if (!isMissing(error)) throw storageFault(error);
  }
}
