import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { findPostgres, postgresPrograms } from './find-postgres';

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
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) =>
    child.on('error', reject).on('close', (code) => resolve(code === 0)),
  );
}

/** @returns whether there is a server, or one can be started */
const hasPostgres = async (): Promise<boolean> =>
  process.env['TEST_DATABASE_URL'] !== '' && (postgresPrograms() !== null || (await findPostgres()) !== null);

/**
 * Runs every test on PostgreSQL, then on the embedded database, with the kill loops, the day at the kiosk and the large
 * galleries at their full length. Both runs are made even if the first fails. Where there is no PostgreSQL there is only the
 * second. With --rest it runs only what `npm test` has left out, as long as `npm test` would.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const all = { TEST_EVERYTHING: '1' };
  const passed: boolean[] = [];
  if (args.includes('--rest')) {
    passed.push(
      await jest(
        { TEST_SET: 'long' },
        args.filter((arg) => arg !== '--rest'),
      ),
    );
  } else if (await hasPostgres()) {
    passed.push(await jest(all, args));
    const rest = [...args, '--ignoreProjects', ...ONE_DATABASE_DECIDES];
    passed.push(await jest({ ...all, TEST_DATABASE_URL: '' }, rest));
  } else {
    passed.push(await jest({ ...all, TEST_DATABASE_URL: '' }, args));
  }
  if (passed.includes(false)) process.exitCode = 1;
}

void main();
