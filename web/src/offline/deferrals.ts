/** The first pause of a punch that is not to hold up the others; each further one is twice as long. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

interface Deferral {
  readonly until: number;
  readonly times: number;
}

/** Saved punches that are tried again later, so that the others are not held up. After a reload all are tried again. */
export class Deferrals {
  private readonly deferred = new Map<IDBValidKey, Deferral>();

  /** @param now a clock that nobody can set, in milliseconds */
  constructor(private readonly now: () => number) {}

  get count(): number {
    return [...this.deferred.values()].filter(({ until }) => until > this.now()).length;
  }

  /** Milliseconds until the first of them is due; null: there is none. */
  get nextMs(): number | null {
    const moments = [...this.deferred.values()].map(({ until }) => until);
    const first = Math.min(...moments);
    return Number.isFinite(first) ? Math.max(0, first - this.now()) : null;
  }

  isDue(key: IDBValidKey): boolean {
    return (this.deferred.get(key)?.until ?? 0) <= this.now();
  }

  /** @param pauseMs at least; Infinity: until the page is loaded again */
  defer(key: IDBValidKey, pauseMs = 0): void {
    const times = this.deferred.get(key)?.times ?? 0;
    const growing = Math.min(FIRST_PAUSE_MS * 2 ** times, LONGEST_PAUSE_MS);
    this.deferred.set(key, { until: this.now() + Math.max(growing, pauseMs), times: times + 1 });
  }

  forget(key: IDBValidKey): void {
    this.deferred.delete(key);
  }
}
