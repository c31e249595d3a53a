import { RateLimiterMemory } from 'rate-limiter-flexible';
import { takePoint } from '../../services/turns/take-point';
import { networkOf } from '../../services/audit/network-of';

const MINUTE_SECONDS = 60;
/** How many times as many requests an IPv6 network of 48 bits may send as one of 64 bits. */
const SITES = 4;
/** What a request without credentials that is refused costs beyond its own. */
const PENALTY = 9;

interface RateLimitSizes {
  /** Requests a minute of one key, or one person of the identity provider; 0: unlimited. */
  readonly perKey: number;
  /** Requests a minute from one address, by all senders; 0: unlimited. */
  readonly perAddress: number;
}

/**
 * How many requests are taken in a minute. Counted by each node for itself: what these bounds protect is a node, and
 * sharing the counts would cost each request a statement. Guessing at faces is bounded by lockouts, which nodes share.
 */
export class RateLimits {
  private readonly keys: RateLimiterMemory | null;
  private readonly addresses: RateLimiterMemory | null;
  private readonly sites: RateLimiterMemory | null;

  constructor({ perKey, perAddress }: RateLimitSizes) {
    this.keys = limiter(perKey);
    this.addresses = limiter(perAddress);
    this.sites = limiter(perAddress * SITES);
  }

  /** @throws RollcallError TOO_MANY_REQUESTS with `retryAfterSeconds` */
  async takeFromAddress(address: string): Promise<void> {
    const message = 'Too many requests from this address';
    await takePoint(this.addresses, networkOf(address), message);
    await takePoint(this.sites, networkOf(address, 48), message);
  }

  /** Makes a refused request cost more, so that an address without credentials has few of them. */
  async penalise(address: string): Promise<void> {
    await this.addresses?.penalty(networkOf(address), PENALTY);
    await this.sites?.penalty(networkOf(address, 48), PENALTY);
  }

  /** @throws RollcallError TOO_MANY_REQUESTS with `retryAfterSeconds` */
  takeFromKey(caller: string): Promise<void> {
    return takePoint(this.keys, caller, 'Too many requests with this key');
  }
}

const limiter = (points: number): RateLimiterMemory | null =>
  points === 0 ? null : new RateLimiterMemory({ points, duration: MINUTE_SECONDS });
