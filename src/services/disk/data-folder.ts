import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isMissing, storageReason, systemCode } from './storage-fault';

/** What the service keeps there; a folder that another user made, a restore for example, may be unwritable by itself. */
const FOLDERS = ['database', 'incoming', 'media', 'secrets'];

/**
 * Makes sure at start that this user may write to DATA_DIR, so that a missing permission is not found with the first
 * photo, or as an error of the database.
 * @throws Error that names the folder, the user and the reason
 */
export async function requireDataFolder(dataDir: string): Promise<void> {
  await tried(dataDir, async () => {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await write(dataDir);
  });
  for (const folder of FOLDERS.map((name) => join(dataDir, name))) {
    await tried(folder, () => write(folder).catch(ignoreMissing));
  }
}

/** By writing: a disk that is full or read-only shows it in no permission. */
async function write(folder: string): Promise<void> {
  const probe = join(folder, `.writable-${randomUUID()}`);
  await writeFile(probe, '0', { flag: 'wx', mode: 0o600 }).finally(() => rm(probe, { force: true }));
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

async function tried(folder: string, use: () => Promise<unknown>): Promise<void> {
  try {
    await use();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new Error(`DATA_DIR: ${currentUser()} cannot write to ${folder}: ${storageReason(code)}`, {
      cause: error,
    });
  }
}

/** In a container the user often has a number only. */
function currentUser(): string {
  const number = process.getuid?.();
  const uid = number === undefined ? '' : ` (uid ${number})`;
  try {
    return `user ${userInfo().username}${uid}`;
  } catch {
    return `the user${uid}`;
  }
}
