import type { Api, Punch } from '../api';
import { isFault } from '../shared/faults';
import { Punches, type Roster } from './roster';

/** live: by subscription; polling: by a query every few seconds; reconnecting: neither at the moment. */
export type Link = 'live' | 'polling' | 'reconnecting';

/** A day: a login that is older has expired by the service's rule (OPEN_LOGIN_MAX_HOURS, 16 unless set). */
const WINDOW_MS = 24 * 3_600_000;
const POLL_MS = 5000;
const RECONNECT_MS = [500, 1000, 2000, 5000];
/** Clocks of several nodes differ a little: so far back is looked again. */
const OVERLAP_MS = 60_000;
/**
 * All of the day is looked through so often: punches that were saved without network arrive late with an earlier
 * moment, and a live stream is trusted, but checked.
 */
const CHECK_MS = 60_000;
const MAX_PAGES = 25;

interface LiveEvents {
  roster(roster: Roster): void;
  punch(punch: Punch): void;
  link(link: Link): void;
  unauthenticated(): void;
}

/** Keeps a board current: by query first, then by subscription, by polling if there is none. */
export class LivePunches {
  private readonly punches = new Punches();
  private readonly end = new AbortController();
  private latest: string | null = null;
  private wholeAt = -Infinity;
  /** In a row. */
  private failures = 0;

  constructor(
    private readonly api: Api,
    private readonly officeId: string | null,
    private readonly events: LiveEvents,
    private readonly pollMs = POLL_MS,
  ) {}

  /** Goes on until `stop`. */
  async run(): Promise<void> {
    while (!this.end.signal.aborted) {
      try {
        await this.catchUp();
        await this.follow();
        await this.pause(this.pollMs);
      } catch (error) {
        if (this.end.signal.aborted) return;
        if (isFault(error, 'UNAUTHENTICATED', 'FORBIDDEN')) return this.events.unauthenticated();
        this.events.link('reconnecting');
        await this.pause(RECONNECT_MS[Math.min(this.failures++, RECONNECT_MS.length - 1)] as number);
      }
    }
  }

  stop(): void {
    this.end.abort();
  }

  /** Follows the stream until it ends. @throws ApiFault if it breaks off */
  private async follow(): Promise<void> {
    const check = setInterval(() => void this.catchUp().catch(() => undefined), CHECK_MS);
    try {
      await this.api.recorded(this.officeId, this.end.signal, {
        open: () => {
          this.failures = 0;
          this.events.link('live');
          // Punches between the query and the subscription are in neither.
          void this.catchUp().catch(() => undefined);
        },
        next: (punch) => this.take([punch]),
      });
    } catch (error) {
      // A proxy that passes on nothing but /graphql, say: polling does.
      if (!isFault(error, 'NOT_FOUND')) throw error;
      this.events.link('polling');
    } finally {
      clearInterval(check);
    }
  }

  /** Queries everything since the last punch that was shown. */
  private async catchUp(): Promise<void> {
    const now = Date.now();
    const isWhole = this.latest === null || now - this.wholeAt >= CHECK_MS;
    const since = isWhole ? 0 : new Date(this.latest ?? 0).getTime() - OVERLAP_MS;
    const filter = {
      from: new Date(Math.max(since, now - WINDOW_MS)).toISOString(),
      ...(this.officeId === null ? {} : { officeId: this.officeId }),
    };
    let after: string | null = null;
    const found: Punch[] = [];
    for (let page = 0; page < MAX_PAGES; page++) {
      const { nodes, pageInfo } = await this.api.punches(filter, after);
      found.push(...nodes);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    if (isWhole) this.wholeAt = now;
    this.take(found);
  }

  private take(found: readonly Punch[]): void {
    if (this.end.signal.aborted) return;
    const isFirst = this.latest === null;
    const isNew = this.punches.add(found);
    this.punches.forgetBefore(new Date(Date.now() - WINDOW_MS));
    const roster = this.punches.roster();
    const before = this.latest;
    this.latest = roster.latest ?? before ?? new Date().toISOString();
    if (isFirst || isNew) this.events.roster(roster);
    const [newest] = roster.last;
    // Announced one at a time, without the punches that were there when the page was opened.
    if (!isFirst && isNew && newest !== undefined && newest.recordedAt !== before) this.events.punch(newest);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.end.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}
