const WIDTH = 30;
/** Moves to the start of the line and clears it. */
const ERASE = '\r\x1b[2K';

/** The output of a bar. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows progress: on a terminal a bar, elsewhere a line for each step. */
export class ProgressBar {
  private total = 0;
  private done = 0;
  private last = '';

  constructor(private readonly out: Output) {}

  begin(total: number): void {
    this.total = total;
    this.done = 0;
  }

  /** @param count number of finished steps */
  step(what: string, count = 1): void {
    this.done += count;
    if (this.out.isTTY === true) this.draw(what);
    else if (what !== this.last) this.out.write(`${what}\n`);
    this.last = what;
  }

  /** Prints a line above the bar. */
  say(line: string): void {
    // Clears the bar. The next step draws it again below.
    this.out.write(`${this.out.isTTY === true ? ERASE : ''}${line}\n`);
  }

  /** Ends the line of the bar. */
  end(): void {
    if (this.out.isTTY === true && this.done > 0) this.out.write('\n');
  }

  private draw(what: string): void {
    const filled = Math.round((WIDTH * this.done) / Math.max(this.total, 1));
    const bar = '#'.repeat(Math.min(filled, WIDTH)).padEnd(WIDTH, '.');
    this.out.write(`${ERASE}[${bar}] ${this.done}/${this.total} ${what}`);
  }
}
