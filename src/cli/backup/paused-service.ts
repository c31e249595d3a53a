import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { COPIED, PAUSED, RESUMED, withSocketPath } from '../../services/backup/pause-socket';
import { systemCode } from '../../services/disk/storage-fault';
import { OperatorError } from '../operator-error';

/** A checkpoint of a busy database on a slow disk, and what runs before it. */
const PATIENCE_MS = 120_000;

/**
 * Runs `copy` while the running service keeps its embedded database as it is.
 * @returns how long queries waited, in milliseconds; null: no service listens
 * @throws OperatorError if the service did not wait to the end
 */
export async function whilePaused(dataDir: string, copy: () => Promise<void>): Promise<number | null> {
  const socket = await connected(dataDir);
  if (socket === null) return null;
  try {
    const lines = said(socket);
    if ((await lines.next()).value !== PAUSED) {
      throw new OperatorError('The service could not pause its database. Its log contains the reason.');
    }
    const began = performance.now();
    await copy();
    socket.end(COPIED);
    if ((await lines.next()).value !== RESUMED) {
      throw new OperatorError(
        'The copy took too long, so the service went on without it. Run the command again when less is written, or stop the service.',
      );
    }
    return Math.round(performance.now() - began);
  } finally {
    socket.destroy();
  }
}

/** @returns null if nobody listens */
async function connected(dataDir: string): Promise<Socket | null> {
  try {
    return await withSocketPath(dataDir, async (path) => {
      const socket = connect({ path, allowHalfOpen: true });
      await once(socket, 'connect');
      return socket;
    });
  } catch (error) {
    if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(systemCode(error) ?? '')) return null;
    throw error;
  }
}

/** What the service says, line by line; it ends with the connection. */
async function* said(socket: Socket): AsyncGenerator<string, null, void> {
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  try {
    for await (const data of socket) yield String(data);
  } catch {
    // A connection that broke says no more.
  }
  return null;
}
