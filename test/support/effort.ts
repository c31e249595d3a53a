/** Set by `npm run test:all`. */
const everything = process.env['TEST_EVERYTHING'] === '1';

/**
 * How much of something repetitive a run does: kills, frames, rows of a gallery.
 * @param full in `npm run test:all`
 * @param quick in `npm test`, where it shows the same more coarsely
 */
export const effort = (full: number, quick: number): number => (everything ? full : quick);
