import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { findPostgres } from './find-postgres';

/**
 * What a second database says nothing new about: rules without a service, tests that need several nodes, and the pages,
 * which know the service by its answers.
 */
const ONE_DATABASE_DECIDES = ['unit', 'nodes', 'web'];

/** Runs jest and resolves to whether every test passed. */
function jest(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<boolean> {
  const bin = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TEST_EVERYTHING: '1', ...env },
  });
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve(code === 0)),
  );
}

/**
 * Runs every test on PostgreSQL, then on the embedded database, with the kill loops, the day at the kiosk and the large
 * galleries at their full length. Both runs are made even if the first fails. Where no PostgreSQL answers there is
 * only the second.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const url = await findPostgres();
  const passed = url === null ? [] : [await jest({ TEST_DATABASE_URL: url }, args)];
  const rest = url === null ? [] : ['--ignoreProjects', ...ONE_DATABASE_DECIDES];
  passed.push(await jest({ TEST_DATABASE_URL: '' }, [...args, ...rest]));
  if (passed.includes(false)) process.exitCode = 1;
}

void main();
