import { LONG_MS } from './patience';

/** Asks again and again until the answer holds. @throws Error with the last answer where it does not in time */
export async function until<T>(
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean,
  patienceMs = LONG_MS,
): Promise<T> {
  const late = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > late) throw new Error(`It did not become so: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
