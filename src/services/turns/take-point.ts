import { RateLimiterRes, type RateLimiterMemory } from 'rate-limiter-flexible';
import { RollcallError } from '../../errors';

/**
 * Counts one use of what is limited.
 * @param limiter null: unlimited
 * @throws RollcallError TOO_MANY_REQUESTS with `retryAfterSeconds`
 */
export async function takePoint(
  limiter: RateLimiterMemory | null,
  who: string,
  message: string,
): Promise<void> {
  try {
    await limiter?.consume(who);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterSeconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    throw new RollcallError('TOO_MANY_REQUESTS', `${message}; try again in ${retryAfterSeconds} s`, {
      retryAfterSeconds,
    });
  }
}
