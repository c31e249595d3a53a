import { join } from 'node:path';

/** The root of the checkout. */
export const CHECKOUT = join(__dirname, '..', '..');

/**
 * What test/support/setup/sources.ts has compiled, for processes and threads that a test starts.
 * @param script relative to the checkout, e.g. src/main.js
 */
export const compiled = (script: string): string => join(CHECKOUT, 'dist', script);
