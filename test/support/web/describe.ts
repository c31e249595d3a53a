import { chromiumPath } from './browser';
import { TEST_MS } from './patience';

/** Suites of the pages. Without a browser each of their tests is reported as skipped, with the reason in its name. */
export function describeInBrowser(name: string, tests: () => void): void {
  jest.setTimeout(TEST_MS);
  if (chromiumPath !== null) describe(name, tests);
  else describe.skip(`${name} (skipped: no Chromium is installed, see .ci/run)`, tests);
}
