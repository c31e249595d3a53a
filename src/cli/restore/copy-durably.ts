import { constants } from 'node:fs';
import { chmod, copyFile, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DurableFolders } from '../../services/disk/durable-folders';

/** Copies a file, for this user's eyes only, so that it survives a power cut. */
export async function copyDurably(source: string, target: string, folders: DurableFolders): Promise<void> {
  await folders.ensure(dirname(target));
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  // The next sweep notes that photos have a row.
  await chmod(target, 0o600);
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await folders.sync(dirname(target));
}
