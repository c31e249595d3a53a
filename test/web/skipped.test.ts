/** Real: jest as it is started by hand, in a process of its own, on a suite of the pages. Fake: that there is no browser. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from '../support/compiled';

const RUN_MS = 120_000;

interface Run {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string }[] }[];
}

describe('without Chromium', () => {
  it(
    'each test of the pages is reported as skipped, by its name and with the reason',
    async () => {
      const jest = join(CHECKOUT, 'node_modules', 'jest', 'bin', 'jest.js');
      const absent = join(CHECKOUT, 'no-such-chromium');
      expect(existsSync(absent)).toBe(false);
      const env: NodeJS.ProcessEnv = { ...process.env, CHROMIUM_PATH: absent };
      // This run's own.
      delete env['JEST_WORKER_ID'];
      delete env['TEST_SET'];
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        [jest, '--json', 'test/web/board.test.ts', 'test/web/liveness.test.ts'],
        { cwd: CHECKOUT, env, maxBuffer: 10_000_000 },
      );
      const { numFailedTests, numPassedTests, testResults } = JSON.parse(stdout) as Run;
      expect([numFailedTests, numPassedTests]).toEqual([0, 0]);
      const all = testResults.flatMap(({ assertionResults }) => assertionResults);
      expect(all.length).toBeGreaterThan(4);
      expect(all.every(({ status }) => status === 'pending')).toBe(true);
      const names = stderr.split('\n').filter((line) => line.startsWith('  ○ '));
      expect(names).toHaveLength(all.length);
      expect(names).toContainEqual(
        expect.stringMatching(/the board \(skipped: no Chromium is installed, see \.ci\/run\) goes on after/),
      );
    },
    RUN_MS,
  );
});
