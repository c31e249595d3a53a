import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What the engine tells while it works. Both are called from the middle of a query, so they must not block. */
interface ClusterEvents {
  /** A file was forced to the disk. */
  onSync: () => void;
  /** The engine can no longer keep its promises; nothing it answers after this counts. */
  onFatal: (message: string) => void;
}

/** WASI's errno for an input/output error, what PostgreSQL is told when the disk refuses a sync. */
const EIO = 29;

/**
 * Ours instead of PGlite's: without `-F`, which switches every sync off, so that a commit survives a power cut.
 * `fsync` is the only method that reaches our hook; 64 MB of WAL bounds both the disk used and the time to reopen.
 */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
  ...['-c', 'max_wal_size=64MB'],
];

/**
 * Opens the PostgreSQL cluster under `folder`, creating it first where there is none.
 * @throws when another major version wrote it, or its files are damaged
 */
export async function openCluster(folder: string, events: ClusterEvents): Promise<PGlite> {
  const cluster = join(folder, 'cluster');
  if (!existsSync(cluster)) await createCluster(folder, cluster, events);
  return open(cluster, events);
}

/**
 * Made beside its place and renamed into it: a power cut half-way through would otherwise leave a folder that looks
 * like a database and is none, and only an operator could tell that it may be deleted.
 */
async function createCluster(folder: string, cluster: string, events: ClusterEvents): Promise<void> {
  const unfinished = `${cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const db = await open(unfinished, events);
  await db.close();
  syncTree(unfinished);
  renameSync(unfinished, cluster);
  syncPath(folder, true);
}

async function open(cluster: string, { onSync, onFatal }: ClusterEvents): Promise<PGlite> {
  const fs = new NodeFS(cluster);
  const init = fs.init.bind(fs);
  // Hooked before the first file is opened: the checkpoint that ends a crash recovery must reach the disk as well.
  fs.init = (pg, options) => init(pg, { ...options, preRun: [...(options.preRun ?? []), hookSync] });
  let complaint = '';
  const starting = PGlite.create({
    fs,
    startParams: START_PARAMETERS,
    onStderr: (line) => {
      // PostgreSQL gives up with a PANIC (a full disk while it writes WAL, for one) and would exit; compiled to WASM
      // it cannot, and every later query would hang instead.
      const panic = /PANIC:.*/.exec(line);
      if (panic !== null) onFatal(panic[0]);
      complaint = /(FATAL|DETAIL|HINT):.*/.exec(line)?.[0] ?? complaint;
      return false;
    },
  });
  try {
    return await starting;
  } catch (error) {
    // PGlite's own message says no more than that it failed.
    throw new Error(`${String(error)} ${complaint}`.trim(), { cause: error });
  }

  function hookSync(module: SyncModule): void {
    module.NODEFS.stream_ops.fsync = ({ nfd }) => {
      try {
        fdatasyncSync(nfd);
        onSync();
        return 0;
      } catch (error) {
        onFatal(`the disk refused to keep what was written: ${String(error)}`);
        return EIO;
      }
    };
  }
}

/** The corner of Emscripten's module that PGlite's types leave out. NODEFS has no fsync of its own: it does nothing. */
interface SyncModule {
  NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } };
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
