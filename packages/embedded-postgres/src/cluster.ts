import { existsSync, fdatasyncSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { startThread } from './thread';

/** Callbacks of the engine. Both are called from the middle of a query, so they must not block. */
interface ClusterEvents {
  /** A file was forced to the disk. */
  onSync: () => void;
  /** The engine can no longer keep its promises; nothing it answers after this counts. */
  onFatal: (message: string) => void;
}

/** WASI's errno for an input/output error. PostgreSQL gets it when the disk refuses a sync. */
const EIO = 29;

/**
 * Ours instead of PGlite's: without `-F`, which switches every sync off, so that a commit survives a power cut.
 * `fsync` is the only method that reaches our hook; 64 MB of WAL bounds both the disk used and the time to reopen.
 * PGlite writes zeros to all of PostgreSQL's shared memory, so buffers cost their whole size from the start: 128 MB by
 * default. What 16 MB do not hold comes from the system's own cache. There is one session; 5 is room enough.
 */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
  ...['-c', 'max_wal_size=64MB'],
  ...['-c', 'shared_buffers=16MB'],
  ...['-c', 'max_connections=5'],
];

/** What the thread that makes a cluster is given; a message from it is a failure, and no message is success. */
export interface CreatorData {
  folder: string;
  cluster: string;
}

/**
 * Opens the PostgreSQL cluster under `folder`, creating it first if there is none.
 * @throws when another major version wrote it, or its files are damaged
 */
export async function openCluster(folder: string, events: ClusterEvents): Promise<PGlite> {
  const cluster = join(folder, 'cluster');
  if (!existsSync(cluster)) await createCluster({ folder, cluster });
  return openAt(cluster, events);
}

/** In a separate thread: it takes half a gigabyte, which only the end of the thread frees. */
function createCluster(data: CreatorData): Promise<void> {
  const thread = startThread('creator', data);
  return new Promise((resolve, reject) => {
    thread.on('message', (failure: string) => {
      reject(new Error(failure));
      // After a PANIC it would hang.
      void thread.terminate();
    });
    thread.on('error', reject);
    thread.on('exit', (code) => {
      if (code === 0 && existsSync(data.cluster)) resolve();
      else reject(new Error(`The thread that creates the database ended with code ${code}`));
    });
  });
}

/** Opens the cluster in the folder `cluster`, or makes one there. */
export async function openAt(cluster: string, { onSync, onFatal }: ClusterEvents): Promise<PGlite> {
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
        onFatal(`could not write to disk: ${String(error)}`);
        return EIO;
      }
    };
  }
}

/** The corner of Emscripten's module that PGlite's types leave out. NODEFS has no fsync of its own: it does nothing. */
interface SyncModule {
  NODEFS: { stream_ops: { fsync?: (stream: { nfd: number }) => number } };
}
