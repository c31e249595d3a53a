import { open } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'backup.sock';
/** The system takes 107 bytes at most, on macOS 103. */
const LONGEST_PATH = 100;

/** Sent by the service once nothing writes to the embedded database. */
export const PAUSED = 'paused\n';
/** Sent by the command when its copy is complete. */
export const COPIED = 'copied\n';
/** Sent by the service if the pause lasted until the copy was complete. */
export const RESUMED = 'resumed\n';

/**
 * Calls `use` with the path of the socket on which a running service pauses its embedded database.
 * @param dataDir absolute; on Linux it may be longer than the path of a socket
 */
export async function withSocketPath<T>(dataDir: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(dataDir, FILE);
  if (Buffer.byteLength(path) <= LONGEST_PATH || process.platform !== 'linux') return use(path);
  const folder = await open(dataDir, 'r');
  try {
    return await use(join('/proc/self/fd', String(folder.fd), FILE));
  } finally {
    await folder.close();
  }
}
