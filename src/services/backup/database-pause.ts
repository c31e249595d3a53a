import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { withDeadline } from '../../deadline';
import { SYSTEM } from '../audit/actor';
import { recordAudit } from '../audit/audit-log';
import { COPIED, PAUSED, RESUMED, withSocketPath } from './pause-socket';

/** How long queries may wait for a copy. A copy that takes longer is cancelled, so punches continue. */
const LONGEST_MS = 30_000;

/**
 * Lets `npm run backup` copy the files of the embedded database while the service runs: it holds the one connection, so
 * that nothing is written, and queries wait. Only the user of the service may connect to the socket.
 */
export class DatabasePause {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly dataDir: string,
    private readonly now: () => Date,
    private readonly log: Logger,
  ) {
    this.server = createServer({ allowHalfOpen: true }, (socket) => void this.serve(socket));
  }

  /** Begins to listen. A file system without sockets keeps the service from nothing but backups while it runs. */
  async start(): Promise<void> {
    try {
      await withSocketPath(this.dataDir, async (path) => {
        // Of a process that crashed: the folder is this process's now.
        await rm(path, { force: true });
        this.server.listen(path);
        await once(this.server, 'listening');
        await chmod(path, 0o600);
      });
    } catch (err) {
      this.log.warn({ err }, 'Backups while the service runs are not possible in this DATA_DIR');
    }
  }

  /** Gives up a copy that is under way. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(socket: Socket): Promise<void> {
    this.sockets.add(socket);
    // The end of the socket shows that a client went away.
    socket.on('error', () => undefined);
    try {
      await this.dataSource.transaction((manager) =>
        recordAudit(manager, { ...SYSTEM, action: 'backup.create', at: this.now() }),
      );
      // Most of it is written before queries have to wait.
      await this.dataSource.query('CHECKPOINT');
      await this.pauseFor(socket);
    } catch (err) {
      this.log.warn({ err }, 'The embedded database could not be paused for a backup');
    } finally {
      socket.destroy();
      this.sockets.delete(socket);
    }
  }

  private async pauseFor(socket: Socket): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
      await runner.query('CHECKPOINT');
      const began = performance.now();
      socket.write(PAUSED);
      const copied = await withDeadline(isCopied(socket), LONGEST_MS, () => false);
      // Fails if the database was opened again meanwhile, which writes.
      await runner.query('SELECT 1');
      const ms = Math.round(performance.now() - began);
      this.log.info({ ms, copied }, 'The embedded database was paused for a backup');
      if (!copied) return;
      socket.end(RESUMED);
      await once(socket, 'finish');
    } finally {
      await runner.release();
    }
  }
}

/** Resolves once the client says that its copy is complete, or is gone. */
function isCopied(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once('data', (data: Buffer) => resolve(data.toString() === COPIED));
    socket.once('close', () => resolve(false));
    socket.once('end', () => resolve(false));
  });
}
