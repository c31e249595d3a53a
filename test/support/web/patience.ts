/**
 * How long a test of a page waits for what has to happen. A browser, a camera and two models share two cores with
 * whatever else runs there, so this is no measure of the pages: what has to be quick is measured by itself.
 */
export const LONG_MS = 60_000;
/** For a test, which waits for several things one after the other. */
export const TEST_MS = 240_000;
