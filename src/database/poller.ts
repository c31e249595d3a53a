/** Does a piece of background work at once, and again a while after each time it ended; never twice at a time. */
export class Poller {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  /**
   * @param work is told by the signal to end early, at a point from which the next time goes on
   * @param failed hears what `work` throws; it is done again as if it had not
   * @param pace from one end to the next beginning, in milliseconds; sooner or later after what it throws
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly pace: number | { readonly everyMs: number; readonly retryMs: number },
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Does the work once now, after what is under way; what it throws is handled as ever. Does nothing once stopped. */
  async run(): Promise<void> {
    await this.running;
    if (this.timer === null || this.stopping.signal.aborted) return;
    // Another caller that waited may have begun already: that turn began after this call, too.
    if (this.running === null) {
      clearTimeout(this.timer);
      void this.turn();
    }
    await this.running;
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => void this.turn(), delayMs);
    this.timer.unref();
  }

  private turn(): Promise<void> {
    const { everyMs, retryMs } =
      typeof this.pace === 'number' ? { everyMs: this.pace, retryMs: this.pace } : this.pace;
    this.running = this.work(this.stopping.signal)
      .then(
        () => everyMs,
        (error: unknown) => {
          this.failed(error);
          return retryMs;
        },
      )
      .then((delayMs) => {
        this.running = null;
        this.schedule(delayMs);
      });
    return this.running;
  }
}
