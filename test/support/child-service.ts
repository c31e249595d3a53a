import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ApiClient } from './api-client';
import { compiled } from './compiled';
import type { TestStorage } from './databases';

interface ChildOptions {
  readonly storage: TestStorage;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is started; left out: a folder without anything that it could read or write by accident. */
  readonly cwd?: string;
  /** What a shell does before. */
  readonly before?: string;
  /** Sees everything that it prints. */
  readonly onLine?: (line: string) => void;
}

/** The real service, src/main.ts, as a process of its own that can be killed at any moment. */
export class ChildService {
  /** The last lines it printed, to find the reason of a failure. */
  private readonly lines: string[] = [];
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Resolves once it listens; rejects when it ends before. */
  readonly listening: Promise<ApiClient>;

  private constructor(
    private readonly child: ChildProcess,
    onLine: (line: string) => void,
  ) {
    this.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
    this.listening = new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          onLine(line);
          this.lines.push(line);
          if (this.lines.length > 30) this.lines.shift();
          const address = /"address":"(http:[^"]+)\/graphql".*"Rollcall is listening"/.exec(line)?.[1];
          if (address !== undefined) resolve(new ApiClient(address));
        });
      }
      void this.ended.then((how) =>
        reject(new Error(`The service ended (${how}) before it listened:\n${this.output()}`)),
      );
    });
    // A test that kills it during its start does not wait for it to listen.
    this.listening.catch(() => undefined);
  }

  /** Starts the process; it listens later. */
  static spawn({
    storage,
    env = {},
    cwd = storage.dataDir,
    before,
    onLine = () => undefined,
  }: ChildOptions): ChildService {
    const command = [process.execPath, compiled('src/main.js')];
    const [file = '', ...args] =
      before === undefined ? command : ['sh', '-c', `${before} && exec "$0" "$@"`, ...command];
    const child = spawn(file, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing of this process's own settings but what node needs.
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: '0',
        LOG_LEVEL: 'info',
        DATA_DIR: storage.dataDir,
        ...(storage.databaseUrl === null ? {} : { DATABASE_URL: storage.databaseUrl }),
        ...env,
      },
    });
    return new ChildService(child, onLine);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  output(): string {
    return this.lines.join('\n');
  }

  /** kill -9: nothing of the process runs any more once this resolves. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** SIGTERM, and what came of it. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
