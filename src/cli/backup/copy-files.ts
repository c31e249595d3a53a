import { createReadStream } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isMissing, systemCode } from '../../services/disk/storage-fault';
import { isMediaPath } from '../../services/photos/local/media-paths';
import type { BackupFolder } from './backup-folder';

/** Files that are copied at once: most of the time is waiting for the disk. */
const CONCURRENCY = 8;

interface PhotoCounts {
  copied: number;
  missing: number;
}

/**
 * Copies the photos that rows name. One that is gone was erased since the rows were read, or lost before: it is counted.
 * @param list a file with their paths, one a line
 * @throws the operating system's errors for a photo that is there and cannot be read
 */
export async function copyPhotos(
  dataDir: string,
  list: string,
  folder: BackupFolder,
  onPhoto: () => void,
): Promise<PhotoCounts> {
  const counts = { copied: 0, missing: 0 };
  const paths = createInterface({ input: createReadStream(list) })[Symbol.asyncIterator]();
  const worker = async (): Promise<void> => {
    for (let next = await paths.next(); next.done !== true; next = await paths.next()) {
      const path = next.value;
      const file = isMediaPath(path) ? await openIfThere(join(dataDir, 'media', path)) : null;
      if (file === null) counts.missing += 1;
      else if (await copied(folder, file, `media/${path}`)) counts.copied += 1;
      onPhoto();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return counts;
}

/** Copies DATA_DIR/secrets. @returns how many there were */
export async function copySecrets(dataDir: string, folder: BackupFolder): Promise<number> {
  const secrets = join(dataDir, 'secrets');
  const names = await readdir(secrets).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  // Others are drafts of one that is just being made.
  const keys = names.filter((name) => /^[a-z-]+\.key$/.test(name));
  for (const name of keys)
    await folder.write(`secrets/${name}`, createReadStream(join(secrets, name)) as AsyncIterable<Buffer>);
  return keys.length;
}

/** @returns false if the backup has it: two rows may name one photo */
async function copied(folder: BackupFolder, file: FileHandle, path: string): Promise<boolean> {
  try {
    await folder.write(path, file.createReadStream() as AsyncIterable<Buffer>);
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return false;
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
