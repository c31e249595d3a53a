import { RateLimiterMemory } from 'rate-limiter-flexible';
import { badInput, unavailable } from '../../../errors';
import { currentRequest } from '../../../request-scope';
import { takePoint } from '../../turns/take-point';
import { Displaced, FairLine } from '../../turns/fair-line';
import type { PhotoCost } from './photo-cost';

/**
 * What decoding may take of a process. Memory: of all photos together. Threads: two of the four that Node has for this,
 * so that files are still read and written. Cost: of one photo, and of all photos of one request, in milliseconds of a
 * core; four photos of 12 megapixels and 4 MB, as a check with liveness has, cost 450.
 */
const LIMITS = { bytes: 201_326_592, threads: 2, waiting: 200, requestMs: 1500, staffMs: 4500 } as const;

/** How long a photo may wait for its turn. */
const WAIT_MS = 20_000;
/** The unit of the places: a photo takes a thread, and its share of the memory. */
const PLACES = 100;

/** Who sends requests that are not counted, and work of the service's own. */
const UNCOUNTED = new Set(['open', 'service']);

/** Lets photos be decoded in turns: a few at a time, one of each caller, and no caller more in a minute than allowed. */
export class DecodeTurns {
  private readonly line = new FairLine({ places: PLACES, limit: LIMITS.waiting, perCaller: 1 });
  private readonly perMinute: RateLimiterMemory | null;

  /** @param photosPerMinute of one caller (RATE_LIMIT_PER_KEY); 0: unlimited */
  constructor(photosPerMinute: number) {
    this.perMinute =
      photosPerMinute === 0 ? null : new RateLimiterMemory({ points: photosPerMinute, duration: 60 });
  }

  /**
   * Counts a photo before anything of it is read.
   * @throws RollcallError TOO_MANY_REQUESTS
   */
  async count(): Promise<void> {
    const caller = callerOfPhoto();
    if (!UNCOUNTED.has(caller)) await takePoint(this.perMinute, caller, 'Too many photos with this key');
  }

  /**
   * Runs the decoding of a photo when it is its turn.
   * @throws RollcallError BAD_USER_INPUT if the photo, or all of the request, would cost too much; UNAVAILABLE
   */
  async run<T>(cost: PhotoCost, field: string, decode: () => Promise<T>): Promise<T> {
    refuseCostly(cost, field);
    const caller = callerOfPhoto();
    const weight = Math.min(
      PLACES,
      Math.max(PLACES / LIMITS.threads, Math.ceil((cost.bytes / LIMITS.bytes) * PLACES)),
    );
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), WAIT_MS);
    try {
      await this.line.enter(caller, patience.signal, weight);
    } catch (error) {
      const message =
        error instanceof Displaced ? 'Too many photos are being read' : 'Reading the photo took too long';
      throw unavailable(`${message}; try again`, error, { retryAfterSeconds: 1 });
    } finally {
      clearTimeout(timer);
    }
    try {
      return await decode();
    } finally {
      this.line.leave(caller, weight);
    }
  }
}

const callerOfPhoto = (): string => currentRequest()?.caller ?? 'service';

function refuseCostly({ bytes, ms }: PhotoCost, field: string): void {
  if (bytes > LIMITS.bytes || ms > LIMITS.requestMs) {
    throw badInput(
      field,
      'the photo has too many pixels for its format; send a smaller one, or a baseline JPEG',
    );
  }
  const request = currentRequest();
  if (request === undefined) return;
  request.photosMs = (request.photosMs ?? 0) + ms;
  if (request.photosMs > (request.staff === true ? LIMITS.staffMs : LIMITS.requestMs)) {
    throw badInput(field, 'the photos of one request have too many pixels; send smaller ones, or fewer');
  }
}
