/** Runs background work at once, and again some time after each run. Runs never overlap. */
export class Poller {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  /**
   * @param work should end early when the signal is aborted, and continue there the next time
   * @param failed receives the error of `work`, which is then called again
   * @param pace milliseconds from the end of one run to the start of the next
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly pace: number | { readonly everyMs: number; readonly retryMs: number },
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Runs the work once now, after a running one. Errors are handled as usual. Does nothing after stop. */
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

  /** Starts nothing new, and waits for the running work. */
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
