/** Set by `npm run test:all`. */
const everything = process.env['TEST_EVERYTHING'] === '1';

/**
 * How much of something repetitive a run does: kills, frames, rows of a gallery.
 * @param full in `npm run test:all`
 * @param quick in `npm test`, where it shows the same more coarsely
 */
export const effort = (full: number, quick: number): number => (everything ? full : quick);

/**
 * How many cases a property is tried with, for fast-check. Those of `npm test` are the same in each run, so that a run that fails
 * has to do with what was changed; `npm run test:all` draws new ones.
 */
export const drawing = (full: number, quick: number): { readonly numRuns: number; readonly seed?: number } =>
  everything ? { numRuns: full } : { numRuns: quick, seed: 20_261_130 };
