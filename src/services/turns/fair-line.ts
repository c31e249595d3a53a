interface Waiting {
  readonly weight: number;
  enter(): void;
  /** Gives the place in the line to somebody else. */
  displace(): void;
}

interface FairLineOptions {
  /** How much may be at work at once, in the unit of the weights. */
  readonly places: number;
  /** How many may wait. */
  readonly limit: number;
  /** How many of one caller may be at work at once. */
  readonly perCaller?: number;
}

/** Why somebody who waited did not get a place: others wait too, and have fewer in the line. */
export class Displaced extends Error {
  override readonly name = 'Displaced';
}

/**
 * A line in front of a fixed number of places. Callers take turns, each with its oldest work first, so that one with much
 * to do does not keep the others waiting. Where the line is full, a newcomer takes the place of the latest work of the
 * caller with the most in it.
 */
export class FairLine {
  private taken = 0;
  private waiting = 0;
  /** What waits, by caller, in the order of their turns. */
  private readonly lines = new Map<string, Waiting[]>();
  private readonly atWork = new Map<string, number>();

  constructor(private readonly options: FairLineOptions) {}

  /** Those who wait and those who have a place. */
  get size(): number {
    let working = 0;
    for (const count of this.atWork.values()) working += count;
    return this.waiting + working;
  }

  /** Whether somebody would be turned away. */
  isFull(caller: string): boolean {
    if (this.waiting < this.options.limit || this.fits(caller, 1)) return false;
    return this.longest(caller) === null;
  }

  /**
   * Resolves with a place, to be given back by `leave`.
   * @param weight how much of the places it takes
   * @throws Displaced; the signal's reason once it is aborted. The place in the line is free again then
   */
  enter(caller: string, signal: AbortSignal, weight = 1): Promise<void> {
    signal.throwIfAborted();
    if (this.waiting === 0 && this.fits(caller, weight)) {
      this.take(caller, weight);
      return Promise.resolve();
    }
    if (this.waiting >= this.options.limit) {
      const other = this.longest(caller);
      if (other === null) return Promise.reject(new Displaced('The line is full'));
      other.at(-1)?.displace();
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.remove(caller, waiting);
        reject(signal.reason as Error);
        this.advance();
      };
      const waiting: Waiting = {
        weight,
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
        displace: () => {
          signal.removeEventListener('abort', giveUp);
          this.remove(caller, waiting);
          reject(new Displaced('Others have fewer in the line'));
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const line = this.lines.get(caller) ?? [];
      line.push(waiting);
      this.lines.set(caller, line);
      this.waiting += 1;
      // Those ahead may have to wait for their own caller's work, or for a larger place.
      this.advance();
    });
  }

  /** Gives a place back. */
  leave(caller: string, weight = 1): void {
    this.taken -= weight;
    const left = (this.atWork.get(caller) ?? 1) - 1;
    if (left === 0) this.atWork.delete(caller);
    else this.atWork.set(caller, left);
    this.advance();
  }

  /** Gives the free places to those whose turn it is. */
  private advance(): void {
    for (let turn = this.nextTurn(); turn !== null; turn = this.nextTurn()) {
      const [caller, line] = turn;
      const next = line[0] as Waiting;
      // Nobody smaller passes: the larger work would wait for ever.
      if (this.taken + next.weight > this.options.places) return;
      this.remove(caller, next);
      // Behind all others, for the turn after this.
      if (this.lines.delete(caller) && line.length > 0) this.lines.set(caller, line);
      this.take(caller, next.weight);
      next.enter();
    }
  }

  /** The first caller who may begin with something. */
  private nextTurn(): [caller: string, line: Waiting[]] | null {
    for (const turn of this.lines) if (this.mayWork(turn[0])) return turn;
    return null;
  }

  private fits(caller: string, weight: number): boolean {
    return this.mayWork(caller) && this.taken + weight <= this.options.places;
  }

  private mayWork(caller: string): boolean {
    return (this.atWork.get(caller) ?? 0) < (this.options.perCaller ?? Infinity);
  }

  private take(caller: string, weight: number): void {
    this.taken += weight;
    this.atWork.set(caller, (this.atWork.get(caller) ?? 0) + 1);
  }

  private remove(caller: string, waiting: Waiting): void {
    const line = this.lines.get(caller) ?? [];
    line.splice(line.indexOf(waiting), 1);
    if (line.length === 0) this.lines.delete(caller);
    this.waiting -= 1;
  }

  /** The longest line of others, if it is longer than the caller's own would become; null: it is not. */
  private longest(caller: string): Waiting[] | null {
    let found: Waiting[] | null = null;
    for (const line of this.lines.values()) if (line.length > (found?.length ?? 0)) found = line;
    return found !== null && found.length > (this.lines.get(caller)?.length ?? 0) + 1 ? found : null;
  }
}
