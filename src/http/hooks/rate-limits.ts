import { RateLimiterMemory } from 'rate-limiter-flexible';
import { takePoint } from '../../services/access/take-point';
import { networkOf } from '../../services/audit/network-of';

const MINUTE_SECONDS = 60;

interface RateLimitSizes {
  /** Requests a minute of one key, or one person of the identity provider; 0: unlimited. */
  readonly perKey: number;
  /** Requests a minute from one address, whoever sends them; 0: unlimited. */
  readonly perAddress: number;
}

/**
 * How many requests are taken in a minute. Counted by each node for itself: what these bounds protect is a node, and
 * sharing the counts would cost each request a statement. Guessing at faces is bounded by lockouts, which nodes share.
 */
export class RateLimits {
  private readonly keys: RateLimiterMemory | null;
  private readonly addresses: RateLimiterMemory | null;

  constructor({ perKey, perAddress }: RateLimitSizes) {
    this.keys = limiter(perKey);
    this.addresses = limiter(perAddress);
  }

  /** @throws RollcallError TOO_MANY_REQUESTS with `retryAfterSeconds` */
  takeFromAddress(address: string): Promise<void> {
    return takePoint(this.addresses, networkOf(address), 'Too many requests from this address');
  }

  /** @throws RollcallError TOO_MANY_REQUESTS with `retryAfterSeconds` */
  takeFromKey(caller: string): Promise<void> {
    return takePoint(this.keys, caller, 'Too many requests with this key');
  }
}

const limiter = (points: number): RateLimiterMemory | null =>
  points === 0 ? null : new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
