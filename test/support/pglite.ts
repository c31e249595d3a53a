import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PgliteOptions } from '@rollcall/embedded-postgres';
import { compiled } from './compiled';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'rollcall-'));

/** Options for a test: an engine that breaks down without the test expecting it is reported as an error. */
export const pgliteOptions = (dataDir: string, overrides: Partial<PgliteOptions> = {}): PgliteOptions => ({
  dataDir,
  queryDeadlineMs: 30_000,
  maintenanceIntervalMs: 3_600_000,
  onFatal: (error) => {
    throw error;
  },
  ...overrides,
});

interface Child {
  process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Resolves when it has printed `text`; rejects when it ends without. */
  printed(text: string): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
}

/** A process of its own, running one of the modes of pglite-child.ts. */
export function startChild(...args: string[]): Child {
  const child = spawn(process.execPath, [compiled('test/support/pglite-child.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of heard) listener();
    });
  }
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal)),
  );
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (output.includes(text) && resolve());
      heard.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without printing ${text}: ${output}`)));
    });
  return { process: child, output: () => output, printed, ended };
}
