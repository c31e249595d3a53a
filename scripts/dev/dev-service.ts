import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { buildKernels } from '../build-kernels';
import { buildModels } from '../build-models';
import { buildServer } from '../build-server';

/** Editors save in several steps, and several files at once. */
const QUIET_MS = 100;

export interface DevServiceOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Of Node, such as --inspect. */
  readonly flags: readonly string[];
  readonly say: (line: string) => void;
}

/** The service in a separate process, compiled and restarted when its sources change. */
export class DevService {
  private child: ChildProcess | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Stops and starts one after the other: the embedded database serves one process at a time. */
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: DevServiceOptions) {}

  start(): void {
    this.turn = this.turn.then(() => this.replace());
  }

  /** To be called for every file that changes. */
  restartSoon(file: string): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.options.say(`${file} has changed; the service starts again`);
      this.start();
    }, QUIET_MS);
  }

  /** Resolves once the service has ended by itself. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.turn;
    await this.end();
  }

  private async replace(): Promise<void> {
    await this.end();
    if (this.stopped) return;
    const { root, env, flags, say } = this.options;
    try {
      await Promise.all([buildServer(), buildKernels(), buildModels()]);
    } catch (error) {
      return say(`${String(error)}\nThe service cannot be built; it starts again when a file changes`);
    }
    if (this.stopped) return;
    const args = ['--enable-source-maps', ...flags, 'dist/src/main.js'];
    // A process group of its own: Ctrl-C in the terminal reaches only this process, which stops the service once.
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    this.child = child;
    child.once('error', (error) => say(`The service cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (this.child !== child) return;
      this.child = null;
      say(`The service has ended (${signal ?? `exit code ${code}`}); it starts again when a file changes`);
    });
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    // Not reported: we stop it ourselves.
    this.child = null;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
