import { Verdict, verdictOf } from '../../src/services/faces/matching/verdict';

const BOUNDS = { server: 0.43, client: 0.95, clientDoubt: 0.9 };
const { MATCH, DOUBTFUL_MATCH, MISMATCH, CONTRADICTION, NO_TEMPLATE } = Verdict;

it.each([
  // The photo matches, or does not; the descriptor matches, is doubtful, is another one's, or there is none.
  [0.43, 0.95, MATCH],
  [0.43, 0.9499, DOUBTFUL_MATCH],
  [0.43, 0.9, DOUBTFUL_MATCH],
  [0.43, 0.8999, CONTRADICTION],
  [0.43, null, MATCH],
  [0.4299, 0.95, CONTRADICTION],
  [0.4299, 0.9499, MISMATCH],
  [0.4299, 0.5, MISMATCH],
  [0.4299, null, MISMATCH],
  // Nobody looked at the photo, or the person has no template of the server.
  [null, 0.95, MATCH],
  [null, 0.9499, MISMATCH],
  [null, null, NO_TEMPLATE],
  // A NaN never matches.
  [NaN, 0.95, CONTRADICTION],
  [NaN, null, MISMATCH],
  [0.43, NaN, CONTRADICTION],
  [null, NaN, MISMATCH],
])('photo %s and descriptor %s: %s', (server, client, verdict) => {
  expect(verdictOf({ server, client }, BOUNDS)).toBe(verdict);
});
