/** Runs something for ids that come one by one: all that came meanwhile at once, one run at a time. */
export class IdBatches {
  private ids: string[] = [];
  private running: Promise<void> | null = null;

  /**
   * @param run must not reject
   * @param limit ids that may wait; more are dropped, the oldest first
   */
  constructor(
    private readonly run: (ids: readonly string[]) => Promise<void>,
    private readonly limit: number,
  ) {}

  add(id: string): void {
    if (this.ids.length >= this.limit) this.ids.shift();
    this.ids.push(id);
    this.running ??= this.runAll();
  }

  /** Waits until all are done. */
  async settle(): Promise<void> {
    await this.running;
  }

  private async runAll(): Promise<void> {
    while (this.ids.length > 0) {
      const ids = this.ids;
      this.ids = [];
      await this.run(ids);
    }
    this.running = null;
  }
}
