import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { HEADER_BYTES } from '../../encryption/envelope';
import { PhotoVault, type OpenedPhoto } from './photo-vault';
import { DurableFolders } from '../../disk/durable-folders';
import { isMissing, storageFault } from '../../disk/storage-fault';
import { CONFIRMED_MODE, walk, type ListedFile } from './walk';

export type { ListedFile } from './walk';

/** Written and on the disk, but not yet under its final name. */
interface StagedFile {
  /** Where it lies meanwhile. */
  readonly draft: string;
  /** Where it is to go, as an absolute path; an encrypted photo opens nowhere else. */
  readonly target: string;
}

/** There is no file at this media path. */
export class LocalFileMissing extends Error {
  override readonly name = 'LocalFileMissing';

  constructor(readonly path: string) {
    super(`File not found: ${path}`);
  }
}

/**
 * The durable copies under DATA_DIR: `media` for what is published, `incoming` for what is being written. Both lie on
 * one file system, so that publishing is a rename: a reader sees the whole file or none. What is written and read is
 * the photo; whether the disk has it encrypted is the vault's business.
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

  /** @param vault left out: photos are stored as they are */
  constructor(
    dataDir: string,
    private readonly vault = new PhotoVault(null, false),
  ) {
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

  /** Writes and syncs a photo. The staged file is then published or discarded; after a crash the sweep removes it. */
  async stage(jpeg: Buffer, path: string): Promise<StagedFile> {
    return this.stageStored(this.vault.seal(path, jpeg), this.locate(path));
  }

  /** Moves a staged file to its place, over an older one. Once this resolves, a power cut cannot undo it. */
  async publish(staged: StagedFile): Promise<void> {
    const { draft, target } = staged;
    const folder = dirname(target);
    try {
      await this.folders.ensure(folder);
      try {
        await rename(draft, target);
      } catch (error) {
        if (!isMissing(error)) throw error;
        // A remembered folder was removed by hand.
        this.folders.forget();
        await this.folders.ensure(folder);
        await rename(draft, target);
      }
      await this.folders.sync(folder);
    } catch (error) {
      await this.discard(staged);
      throw storageFault(error);
    }
  }

  /** Removes a staged file. Never throws: the sweep removes a file that is left. */
  async discard({ draft }: Pick<StagedFile, 'draft'>): Promise<void> {
    await rm(draft, { force: true }).catch(() => undefined);
  }

  /** Stages and publishes. */
  async writeDurable(jpeg: Buffer, path: string): Promise<void> {
    await this.publish(await this.stage(jpeg, path));
  }

  /** The same with what the disk is to have, byte for byte. */
  async writeStored(bytes: Buffer, path: string): Promise<void> {
    await this.publish(await this.stageStored(bytes, this.locate(path)));
  }

  /**
   * Notes, at the file itself, that a committed row names it: a database that was set back to an earlier time does not know
   * that. Never throws: what is not noted now is noted by the next sweep.
   */
  async confirm(path: string): Promise<void> {
    await chmod(this.locate(path), CONFIRMED_MODE).catch(() => undefined);
  }

  /** Removes a published file. A missing file counts as removed. */
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

  /** @throws LocalFileMissing; EnvelopeBroken, UnknownKey or NoKey if it is encrypted and does not open */
  async read(path: string): Promise<Buffer> {
    return (await this.readOpened(path)).jpeg;
  }

  /** The same, with what names the content. */
  async readOpened(path: string): Promise<OpenedPhoto> {
    return this.vault.open(path, await this.readStored(path));
  }

  /** What the disk has, byte for byte. @throws LocalFileMissing */
  async readStored(path: string): Promise<Buffer> {
    try {
      return await readFile(this.locate(path));
    } catch (error) {
      throw isMissing(error) ? new LocalFileMissing(path) : storageFault(error);
    }
  }

  /** The first bytes of the file, which show whether and with which key it is encrypted. @throws LocalFileMissing */
  async readStart(path: string): Promise<Buffer> {
    try {
      const handle = await open(this.locate(path), 'r');
      try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
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
    for await (const file of walk(this.locate(folder))) yield { ...file, path: `${folder}/${file.path}` };
  }

  /** Removes files that were staged before a time and never published, because the process crashed. */
  async sweepIncoming(olderThan: Date): Promise<void> {
    for await (const draft of this.stagedBefore(olderThan)) await this.discard({ draft });
  }

  /** Whether something is left that was staged before a time. */
  async hasStaged(before: Date): Promise<boolean> {
    for await (const draft of this.stagedBefore(before)) if (draft !== '') return true;
    return false;
  }

  private async *stagedBefore(time: Date): AsyncGenerator<string, void, void> {
    for await (const { path, modifiedAt } of walk(this.incomingDir)) {
      if (modifiedAt < time && path.endsWith('.part')) yield join(this.incomingDir, path);
    }
  }

  /** Proves by writing that a photo can be stored now: free space and permissions that are only read can lie. */
  async writable(): Promise<void> {
    await this.discard(await this.stageStored(Buffer.alloc(4096), ''));
    try {
      await access(this.mediaDir, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw storageFault(error);
    }
  }

  private async stageStored(bytes: Buffer, target: string): Promise<StagedFile> {
    const staged = { draft: join(this.incomingDir, `${randomUUID()}.part`), target };
    try {
      const handle = await open(staged.draft, 'wx', 0o600);
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

  private locate(path: string): string {
    const plain = path.split('/').every((part) => /^[A-Za-z0-9._-]+$/.test(part) && !/^\.{1,2}$/.test(part));
    if (!plain) throw new Error('Path outside the media folder');
    return join(this.mediaDir, path);
  }
}
