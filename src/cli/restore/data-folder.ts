import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DurableFolders } from '../../services/disk/durable-folders';
import { isMissing } from '../../services/disk/storage-fault';
import { walk } from '../../services/photos/local/walk';
import { OperatorError } from '../operator-error';
import { copyDurably } from './copy-durably';
import type { VerifiedBackup } from './verify-backup';

const CONCURRENCY = 8;

export interface FolderOptions {
  readonly dataDir: string;
  /** false: what DATA_DIR/media has stays as it is. */
  readonly photos: boolean;
  /** Whether secrets that a service has made may be replaced. */
  readonly replaceUnused: boolean;
}

/**
 * Puts photos and secrets of a backup into DATA_DIR. They are copied beside their places, and moved when the rows are
 * there.
 */
export class RestoredFiles {
  private readonly draft: string;
  private readonly parts: readonly string[];

  constructor(
    private readonly backup: VerifiedBackup,
    private readonly options: FolderOptions,
  ) {
    this.draft = join(options.dataDir, 'restoring');
    this.parts = options.photos ? ['media', 'secrets'] : ['secrets'];
  }

  /** @throws OperatorError if something in DATA_DIR would be lost */
  async refuseUsed(): Promise<void> {
    const { dataDir, photos, replaceUnused } = this.options;
    for await (const { path } of walk(join(dataDir, 'media'))) {
      if (!photos) break;
      throw new OperatorError(
        `DATA_DIR contains photos (media/${path}). Restore into an empty DATA_DIR, or keep these photos with --without-photos.`,
      );
    }
    if (replaceUnused) return;
    for (const name of await namesIn(join(dataDir, 'secrets'))) {
      const ours = await readFile(join(dataDir, 'secrets', name));
      const theirs = await readFile(join(this.backup.path, 'secrets', name)).catch(() => null);
      if (theirs?.equals(ours) === true) continue;
      throw new OperatorError(
        `DATA_DIR contains another secret (secrets/${name}) than the backup. Restore into an empty DATA_DIR, or add --replace-unused to replace it.`,
      );
    }
  }

  /** Copies them, durably. */
  async copy(onFile: () => void): Promise<void> {
    await this.discard();
    for (const part of this.parts) await mkdir(join(this.draft, part), { recursive: true, mode: 0o700 });
    const files = this.list();
    const folders = new DurableFolders(this.draft);
    const worker = async (): Promise<void> => {
      for (let next = await files.next(); next.done !== true; next = await files.next()) {
        await copyDurably(join(this.backup.path, next.value), join(this.draft, next.value), folders);
        onFile();
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  /**
   * Moves them to their places.
   * @param installation whose photos they are
   */
  async publish(installation: string): Promise<void> {
    const { dataDir, photos } = this.options;
    for (const part of this.parts) {
      // Empty folders, or secrets that are replaced.
      await rm(join(dataDir, part), { recursive: true, force: true });
      await rename(join(this.draft, part), join(dataDir, part));
    }
    if (photos) await writeFile(join(dataDir, 'installation-id'), `${installation}\n`, { mode: 0o600 });
    await new DurableFolders(dataDir).sync(dataDir);
    await this.discard();
  }

  async discard(): Promise<void> {
    await rm(this.draft, { recursive: true, force: true });
  }

  private async *list(): AsyncGenerator<string, void, void> {
    for (const part of this.parts) {
      for await (const { path } of walk(join(this.backup.path, part))) yield `${part}/${path}`;
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
