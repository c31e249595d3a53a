import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, storageFault } from '../../disk/storage-fault';

export interface ListedFile {
  /** Relative to the folder that was walked, with forward slashes. */
  readonly path: string;
  readonly modifiedAt: Date;
  /** Whether a row that was committed has named it; see LocalStore.confirm. */
  readonly confirmed: boolean;
}

/** The sticky bit, which means nothing to the system on a file, beside the mode of every file. */
const STICKY = 0o1000;
export const CONFIRMED_MODE = STICKY | 0o600;

/** Files below a folder with paths relative to it; what vanishes meanwhile is left out. */
export async function* walk(folder: string, prefix = ''): AsyncGenerator<ListedFile, void, void> {
  try {
    for await (const entry of await opendir(folder)) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        yield* walk(join(folder, entry.name), `${path}/`);
      } else if (entry.isFile()) {
        const info = await stat(join(folder, entry.name)).catch(() => null);
        if (info === null) continue;
        yield { path, modifiedAt: info.mtime, confirmed: (info.mode & STICKY) !== 0 };
      }
    }
  } catch (error) {
    if (!isMissing(error)) throw storageFault(error);
  }
}
