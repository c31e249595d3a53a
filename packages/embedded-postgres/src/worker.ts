/**
 * The thread PGlite lives in. A query there blocks its thread until it is done (compiled to WASM it cannot wait), so
 * on the main thread it would stop every other request.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { PGlite } from '@electric-sql/pglite';
import { openCluster } from './cluster';
import { expectsReady, joined, sessionStatus, simpleQuery } from './wire';

export interface WorkerData {
  folder: string;
  /** One counter, shared with the main thread: how many times a file was forced to the disk. */
  syncs: Int32Array;
}

export type WorkerRequest = { id: number } & (
  { kind: 'messages'; bytes: Uint8Array } | { kind: 'reset' } | { kind: 'close' }
);

export type WorkerReport =
  { kind: 'ready' } | { kind: 'fatal'; message: string } | { kind: 'answer'; id: number; bytes: Uint8Array };

async function serve(port: MessagePort, { folder, syncs }: WorkerData): Promise<void> {
  const report = (message: WorkerReport, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const db = await openCluster(folder, {
    onSync: () => void Atomics.add(syncs, 0, 1),
    onFatal: (message) => report({ kind: 'fatal', message }),
  });
  report({ kind: 'ready' });
  port.on('message', (request: WorkerRequest) => {
    handle(db, request).then(
      (bytes) => report({ kind: 'answer', id: request.id, bytes }, [bytes.buffer]),
      (error: unknown) => report({ kind: 'fatal', message: String(error) }),
    );
  });
}

/** Each request runs to its end before the next message is read: the work itself is synchronous. */
async function handle(db: PGlite, request: WorkerRequest): Promise<Uint8Array<ArrayBuffer>> {
  switch (request.kind) {
    case 'messages':
      return execute(db, request.bytes);
    case 'reset':
      // Two messages: DISCARD ALL refuses to run in a transaction, and one message would be one.
      await execute(db, simpleQuery('ROLLBACK'));
      return execute(db, simpleQuery('DISCARD ALL'));
    case 'close':
      await db.close();
      return joined([]);
  }
}

async function execute(db: PGlite, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  // The streaming form, because the others also parse every answer and keep it for a caller that never comes.
  // The bytes it hands out are a view of the engine's own memory, overwritten by what follows: copied.
  const copy = (part: Uint8Array): number => parts.push(part.slice());
  await db.execProtocolRawStream(bytes, { syncToFs: false, onRawData: copy });
  const answer = joined(parts);
  // An engine that broke down inside returns half an answer, and its client would wait for the rest for ever.
  if (expectsReady(bytes) && sessionStatus(answer) === null) throw new Error('a query got no answer');
  return answer;
}

if (parentPort !== null) {
  const port = parentPort;
  serve(port, workerData as WorkerData).catch((error: unknown) => {
    port.postMessage({ kind: 'fatal', message: String(error) } satisfies WorkerReport);
  });
}
