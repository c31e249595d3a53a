import type { Api, Check, CheckResult } from '../api';
import { ApiFault, isFault, type FaultCode } from '../shared/faults';
import { oldestPunch, removePunch, waitingCount } from './outbox';

/** Between tries while nobody answers; the server's own `retryAfterSeconds` goes first. */
const PAUSE_MS = 5000;
/** A punch at which the server itself fails so often is set aside, or it would hold up all others for ever. */
const MAX_FAILURES = 5;
/** One tab sends, however many are open. */
const LOCK = 'rollcall-outbox';

/** What became of a punch that waited. */
export type Delivery = CheckResult['status'] | FaultCode | 'UNREADABLE';

interface SenderEvents {
  /** How many wait; told after every change. */
  waiting(count: number): void;
  /** @param check null: it could not be decrypted */
  delivered(delivery: Delivery, check: Check | null): void;
  /** Whether the service answers. */
  online(online: boolean): void;
  unauthenticated(): void;
}

const DELIVERED: ReadonlySet<Delivery> = new Set(['RECORDED', 'ALREADY_RECORDED']);
export const wasDelivered = (delivery: Delivery): boolean => DELIVERED.has(delivery);

/** Sends what waits, oldest first, one after the other, each until it has an answer. */
export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private failures = 0;

  constructor(
    private readonly api: Api,
    private readonly events: SenderEvents,
    /** A descriptor for servers that compute none; else null. */
    private readonly describe: (photo: Blob) => Promise<string | null>,
    private readonly pauseMs = PAUSE_MS,
  ) {}

  /** Looks for what waits, now; called at the start, after a punch was put there, and when the network is back. */
  wake(): void {
    clearTimeout(this.timer);
    if (this.running) return;
    this.running = true;
    void navigator.locks
      .request(LOCK, { ifAvailable: true }, async (lock) =>
        lock === null ? this.pauseMs : await this.sendAll(),
      )
      .catch(() => this.pauseMs)
      .then((pause) => {
        this.running = false;
        if (pause !== null) this.timer = setTimeout(() => this.wake(), pause);
      });
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** @returns how long to pause before the next try; null: nothing waits, or nothing can be sent */
  private async sendAll(): Promise<number | null> {
    for (;;) {
      this.events.waiting(await waitingCount());
      const oldest = await oldestPunch();
      if (oldest === null) return null;
      const { key, punch } = oldest;
      if (punch === null) {
        await removePunch(key);
        this.events.delivered('UNREADABLE', null);
        continue;
      }
      try {
        const descriptor = punch.check.faceDescriptor ?? (await this.describe(punch.photo));
        const result = await this.api.check({ ...punch.check, faceDescriptor: descriptor }, punch.photo);
        // Only now: a punch whose outcome is unknown is sent again with the same requestId.
        await removePunch(key);
        this.failures = 0;
        this.events.online(true);
        this.events.delivered(result.status, punch.check);
      } catch (error) {
        if (isFault(error, 'UNAUTHENTICATED')) {
          this.events.unauthenticated();
          return null;
        }
        if (this.isPassing(error)) return (error instanceof ApiFault && error.retryAfterMs) || this.pauseMs;
        await removePunch(key);
        this.failures = 0;
        this.events.delivered(error instanceof ApiFault ? error.code : 'INTERNAL_SERVER_ERROR', punch.check);
      }
    }
  }

  private isPassing(error: unknown): boolean {
    if (isFault(error, 'OFFLINE')) {
      this.events.online(false);
      return true;
    }
    if (isFault(error, 'UNAVAILABLE', 'TOO_MANY_REQUESTS')) return true;
    // The service was updated and lists other operations than this page sends: after a reload they match.
    if (isFault(error, 'FORBIDDEN') && error.details['operation'] === 'NOT_LISTED') return true;
    const refused = isFault(
      error,
      'BAD_USER_INPUT',
      'CONFLICT',
      'FORBIDDEN',
      'NOT_FOUND',
      'GRAPHQL_VALIDATION_FAILED',
    );
    return !refused && ++this.failures < MAX_FAILURES;
  }
}
