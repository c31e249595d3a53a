interface Waiting {
  enter(): void;
}

/**
 * First come, first served, in front of a fixed number of places; the line itself is bounded. (The pool's own queue
 * neither keeps the order nor its bound for tasks that can be aborted.)
 */
export class WaitingLine {
  private taken = 0;
  private readonly line: Waiting[] = [];

  /** @param limit how many may wait */
  constructor(
    private readonly places: number,
    private readonly limit: number,
  ) {}

  get full(): boolean {
    return this.taken >= this.places && this.line.length >= this.limit;
  }

  /** Those who wait and those who have a place. */
  get size(): number {
    return this.line.length + this.taken;
  }

  /**
   * Resolves with a place, to be given back by `leave`. To be called only when the line is not full.
   * @throws the signal's reason once it is aborted; the place in the line is free again then
   */
  enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.taken < this.places) {
      this.taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.line.splice(this.line.indexOf(waiting), 1);
        reject(signal.reason as Error);
      };
      const waiting = {
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.line.push(waiting);
    });
  }

  /** The slot goes to the request that has waited longest. */
  leave(): void {
    const next = this.line.shift();
    if (next === undefined) this.taken--;
    else next.enter();
  }
}
