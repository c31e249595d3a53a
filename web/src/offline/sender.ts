import type { Api, Check, CheckResult } from '../api';
import { ApiFault, type FaultCode, isFault } from '../shared/faults';
import type { Reach } from '../shared/reach';
import { Deferrals } from './deferrals';
import { punchAfter, removePunch, savedCount, type SavedPunch } from './outbox';

/** Between tries while the service cannot take punches; the server's own `retryAfterSeconds` goes first. */
const PAUSE_MS = 5000;
/** A punch that fails so often while the service is there is tried again later, or it would hold up all others. */
const MAX_FAILURES = 5;
/** A punch that has to wait longer than this, for example for a locked number, does not hold up the others. */
const MAX_HOLD_MS = 60_000;
/** One tab sends, however many are open. */
const LOCK = 'rollcall-outbox';

/** Why a saved punch is not on the server. */
export type Refusal = CheckResult['status'] | FaultCode | 'UNREADABLE';

interface SenderEvents {
  /** How many are saved here, and how many of them are next: those that a new punch has to wait for. */
  saved(all: number, next: number): void;
  /** The server has the punch, as a punch or for review. */
  delivered(check: Check): void;
  /** The server refused the punch. It stays here and is sent again later. @param check null: it cannot be decrypted */
  refused(refusal: Refusal, check: Check | null): void;
  unauthenticated(): void;
}

/** The server has the punch; `REVIEW`: as an item that HR decides about. */
const DELIVERED: ReadonlySet<string> = new Set(['RECORDED', 'ALREADY_RECORDED', 'REVIEW']);

/** What a try ended in. `hold`: all wait for so long. `defer`: this punch waits at least so long, the others go on. */
type Ending =
  | { readonly kind: 'delivered' | 'unauthenticated' }
  | { readonly kind: 'hold'; readonly ms: number; readonly counts: boolean }
  | { readonly kind: 'defer'; readonly ms: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Sends saved punches, oldest first, one after the other. It removes a punch only when the server has it. */
export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private again = false;
  private stopped = false;
  private failures = 0;
  private readonly deferrals: Deferrals;

  constructor(
    private readonly api: Pick<Api, 'check'>,
    reach: Reach,
    private readonly events: SenderEvents,
    private readonly pauseMs = PAUSE_MS,
  ) {
    this.deferrals = new Deferrals(() => reach.clock.device.monotonic());
  }

  /** Looks for saved punches, now; called at the start, after a punch was saved, and when the network is back. */
  wake(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.again = this.running;
    if (this.running) return;
    this.running = true;
    void navigator.locks
      .request(LOCK, { ifAvailable: true }, async (lock) =>
        lock === null ? this.pauseMs : await this.sendAll(),
      )
      .catch(() => this.pauseMs)
      .then((pause) => {
        this.running = false;
        if (this.stopped) return;
        if (this.again) this.wake();
        else if (pause !== null) this.timer = setTimeout(() => this.wake(), pause);
      });
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** @returns how long to pause before the next try; null: nothing waits, or nothing can be sent */
  private async sendAll(): Promise<number | null> {
    let last: IDBValidKey | null = null;
    while (!this.stopped) {
      await this.count();
      const entry = await punchAfter(last);
      if (entry === null) return this.deferrals.nextMs;
      const { key, punch } = entry;
      if (!this.deferrals.isDue(key)) {
        last = key;
        continue;
      }
      const ending = await this.end(punch);
      switch (ending.kind) {
        case 'unauthenticated':
          this.events.unauthenticated();
          return null;
        case 'delivered':
          // Only now: a punch whose outcome is unknown is sent again with the same requestId.
          await removePunch(key);
          this.deferrals.forget(key);
          if (punch !== null) this.events.delivered(punch.check);
          break;
        case 'hold':
          if (!ending.counts || ++this.failures < MAX_FAILURES) return ending.ms;
          this.deferrals.defer(key);
          break;
        case 'defer':
          this.deferrals.defer(key, ending.ms);
          break;
        case 'refused':
          this.deferrals.defer(key, punch === null ? Infinity : 0);
          this.events.refused(ending.refusal, punch?.check ?? null);
      }
      this.failures = 0;
      last = key;
    }
    return null;
  }

  private async count(): Promise<void> {
    const all = await savedCount();
    this.events.saved(all, Math.max(0, all - this.deferrals.count));
  }

  private async end(punch: SavedPunch | null): Promise<Ending> {
    if (punch === null) return { kind: 'refused', refusal: 'UNREADABLE' };
    try {
      const { status } = await this.api.check(punch.check, punch.photo);
      return DELIVERED.has(status) ? { kind: 'delivered' } : { kind: 'refused', refusal: status };
    } catch (error) {
      return this.endOf(error);
    }
  }

  private endOf(error: unknown): Ending {
    if (isFault(error, 'UNAUTHENTICATED')) return { kind: 'unauthenticated' };
    const wait = error instanceof ApiFault ? error.retryAfterMs : null;
    const ms = Math.max(wait ?? 0, this.pauseMs);
    if (isFault(error, 'OFFLINE')) return { kind: 'hold', ms, counts: false };
    // The service was updated and lists other operations than this page sends: after a reload they match.
    const notListed = isFault(error, 'FORBIDDEN') && error.details['operation'] === 'NOT_LISTED';
    if (notListed) return { kind: 'hold', ms, counts: false };
    const refused = isFault(
      error,
      'BAD_USER_INPUT',
      'CONFLICT',
      'FORBIDDEN',
      'NOT_FOUND',
      'GRAPHQL_VALIDATION_FAILED',
    );
    if (refused) return { kind: 'refused', refusal: error.code };
    return ms > MAX_HOLD_MS ? { kind: 'defer', ms } : { kind: 'hold', ms, counts: true };
  }
}
