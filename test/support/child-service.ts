import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';
import { ApiClient } from './api-client';
import type { TestStorage } from './databases';

const CHECKOUT = join(__dirname, '..', '..');

/**
 * Translates the service once, as the tests' own runner does, so that a process that is started again and again does
 * not do it each time.
 * @returns a temporary folder with main.js in its src; the caller removes it
 */
export function compileService(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-service-'));
  const sources = readdirSync(join(CHECKOUT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', name))
    // AssemblyScript: what it was compiled to is beside it.
    .filter((name) => !name.includes(`${sep}assembly${sep}`));
  for (const name of [...sources, 'ormconfig.ts']) {
    const target = join(folder, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    if (name.endsWith('.ts')) {
      writeFileSync(target, transformFileSync(join(CHECKOUT, name), { cwd: CHECKOUT }).code);
    } else if (/\.\w+$/.test(name)) {
      cpSync(join(CHECKOUT, name), target);
    }
  }
  symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(CHECKOUT, 'package.json'), join(folder, 'package.json'));
  return folder;
}

interface ChildOptions {
  /** From compileService. */
  readonly compiled: string;
  readonly storage: TestStorage;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is started; left out: where it was compiled to. */
  readonly cwd?: string;
  /** What a shell does before. */
  readonly before?: string;
  /** Sees everything that it prints. */
  readonly onLine?: (line: string) => void;
}

/** The real service, src/main.ts, as a process of its own that can be killed at any moment. */
export class ChildService {
  /** The last lines it printed, for whoever looks for the reason of a failure. */
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
    // Whoever kills it while it starts does not wait for it to listen.
    this.listening.catch(() => undefined);
  }

  /** Starts the process; it listens later. */
  static spawn({
    compiled,
    storage,
    env = {},
    cwd = compiled,
    before,
    onLine = () => undefined,
  }: ChildOptions): ChildService {
    const command = [process.execPath, join(compiled, 'src', 'main.js')];
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
