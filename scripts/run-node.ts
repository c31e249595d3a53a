import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs node in the root of the checkout, with its output shown. @throws when it fails */
export async function runNode(...args: string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: join(__dirname, '..'), stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} failed: ${signal ?? `exit code ${code}`}`);
}
