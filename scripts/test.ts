import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { StaticChecks, summaryOf, tellFailure } from './check';

/**
 * Runs the tests but the long ones (test/support/long-tests.cjs), with the arguments that are given, and the static checks
 * beside them, one at a time. Fails where either does.
 */
async function main(): Promise<void> {
  const jest = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');
  const tests = spawn(process.execPath, [jest, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, TEST_SET: 'quick' },
  });
  const checks = new StaticChecks();
  let signalled = false;
  const stop = (signal: NodeJS.Signals): void => {
    signalled = true;
    tests.kill(signal);
    checks.stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const [code, outcomes] = await Promise.all([
    new Promise<number | null>((resolve, reject) => tests.on('error', reject).on('close', resolve)),
    checks.run(1, tellFailure),
  ]);
  if (!signalled) process.stdout.write(`\nStatic checks\n${summaryOf(outcomes)}\n`);
  if (signalled || code !== 0 || outcomes.some(({ result }) => result === 'failed')) {
    process.exitCode = code === null || code === 0 ? 1 : code;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
