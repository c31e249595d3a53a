/**
 * The time limit of a failure, not a wait: the event takes milliseconds, and only a service that never does it, or a
 * stalled machine, comes near the limit. Shorter than the limit of a test, whose message says less.
 */
const DEADLINE_MS = 60_000;
const PAUSE_MS = 20;

/**
 * Asks again and again until the answer holds.
 * @throws Error with the last answer if it does not in time
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean = Boolean,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const late = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > late) {
      throw new Error(`Timed out after ${deadlineMs} ms; the last answer was ${JSON.stringify(answer)}`);
    }
    // The one pause between two looks; what can be heard of as an event is waited for as such.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
