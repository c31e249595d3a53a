/** Does a piece of background work at once, and again a while after each time it ended; never twice at a time. */
export class Poller {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  /**
   * @param work is told by the signal to end early, at a point from which the next time goes on
   * @param failed hears what `work` throws; it is done again as if it had not
   * @param everyMs from one end to the next beginning
   */
  constructor(
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly everyMs: number,
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.running = this.work(this.stopping.signal)
        .catch(this.failed)
        .finally(() => this.schedule(this.everyMs));
    }, delayMs);
    this.timer.unref();
  }
}
