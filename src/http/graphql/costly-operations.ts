import { GraphQLError } from 'graphql';
import { unavailable } from '../../errors';
import type { Requester } from '../../services/access/requester';
import { Displaced, FairLine } from '../../services/turns/fair-line';

/** Above this complexity, an operation may take seconds: a full page of 200 with every field has about 8,000. */
const COSTLY = 5000;
const WAIT_MS = 30_000;
const RETRY_SECONDS = 5;
/** Of all callers together. Each has one at a time, so that only many keys at once get that far. */
const PLACES = 100;

/** Lets each caller run one costly operation at a time; the next one waits for it. */
export class CostlyOperations {
  private readonly line = new FairLine({ places: PLACES, limit: 2 * PLACES, perCaller: 1 });

  /**
   * Resolves when it is the operation's turn.
   * @returns gives the turn back; null: the operation needs none
   * @throws GraphQLError UNAVAILABLE if earlier operations of the caller take too long
   */
  async enter(
    { caller, kind }: Pick<Requester, 'caller' | 'kind'>,
    complexity: number,
  ): Promise<(() => void) | null> {
    // An open service has no keys to tell callers by.
    if (complexity <= COSTLY || kind === 'open') return null;
    try {
      await this.line.enter(caller, AbortSignal.timeout(WAIT_MS));
    } catch (error) {
      const reason =
        error instanceof Displaced
          ? 'Too many large operations wait'
          : 'Earlier large operations take too long';
      const fault = unavailable(`${reason}; try again`, error, { retryAfterSeconds: RETRY_SECONDS });
      throw new GraphQLError(fault.message, {
        originalError: fault,
        extensions: { code: fault.code, ...fault.details, http: { status: 503 } },
      });
    }
    return () => this.line.leave(caller);
  }
}
