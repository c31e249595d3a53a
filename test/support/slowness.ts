/**
 * Milliseconds of processor time that the computation below takes in a new process on two cores with nothing else to do (AMD EPYC,
 * Node 20: the best of its first three rounds took 391 to 437).
 */
const REFERENCE_MS = 400;
const BYTES = 25_000_000;
const ROUNDS = 3;
/** A machine that is slower still is no measure of anything. */
const MOST = 3;

let known: number | null = null;

/**
 * How many times slower than the reference this machine is at the moment, 1 at least: others that compute on the same processor
 * make every instruction take longer. Bounds of processor time are compared with times divided by this.
 */
export function slowness(): number {
  known ??= Math.min(MOST, Math.max(1, Math.min(...Array.from({ length: ROUNDS }, compute)) / REFERENCE_MS));
  return known;
}

/** What a service does with a large request: text, JSON, base64, and a look at each byte. @returns milliseconds */
function compute(): number {
  const before = process.cpuUsage();
  const text = Buffer.alloc(BYTES, 'A').toString('latin1');
  const sent = JSON.parse(JSON.stringify({ text })) as { readonly text: string };
  const bytes = Buffer.from(sent.text, 'base64');
  let sum = 0;
  for (const byte of bytes) sum = (sum * 31 + byte) | 0;
  const { user, system } = process.cpuUsage(before);
  // The sum is used, so that the loop is not optimised away.
  return (user + system) / 1000 + (sum === 0 ? 1 : 0);
}
