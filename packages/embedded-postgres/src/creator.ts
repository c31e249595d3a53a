/** The thread that makes a new cluster, and ends. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type CreatorData, openAt } from './cluster';

/**
 * Made beside its place and renamed into it: a power cut half-way through would otherwise leave a folder that looks
 * like a database and is none, and only an operator could tell that it may be deleted.
 */
async function create({ folder, cluster }: CreatorData, onFatal: (message: string) => void): Promise<void> {
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const db = await openAt(unfinished, { onSync: () => undefined, onFatal });
  await db.close();
  syncTree(unfinished);
  renameSync(unfinished, cluster);
  syncPath(folder, true);
}

function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) syncPath(path, false);
  }
  syncPath(folder, true);
}

function syncPath(path: string, directory: boolean): void {
  // Windows cannot open a directory to sync it, and does not need it.
  if (directory && process.platform === 'win32') return;
  const fd = openSync(path, directory ? 'r' : 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

if (parentPort !== null) {
  const fail = (reason: unknown): void =>
    parentPort?.postMessage(reason instanceof Error ? reason.message : String(reason));
  create(workerData as CreatorData, fail).catch(fail);
}
