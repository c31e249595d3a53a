const WIDTH = 30;

/** What a bar is drawn on. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows progress: a bar that is redrawn on a terminal; elsewhere a line for each new thing that is done. */
export class ProgressBar {
  private total = 0;
  private done = 0;
  private last = '';

  constructor(private readonly out: Output) {}

  begin(total: number): void {
    this.total = total;
    this.done = 0;
  }

  step(what: string): void {
    this.done++;
    if (this.out.isTTY === true) this.draw(what);
    else if (what !== this.last) this.out.write(`${what}\n`);
    this.last = what;
  }

  /** Ends the line of the bar. */
  end(): void {
    if (this.out.isTTY === true && this.done > 0) this.out.write('\n');
  }

  private draw(what: string): void {
    const filled = Math.round((WIDTH * this.done) / Math.max(this.total, 1));
    const bar = '#'.repeat(Math.min(filled, WIDTH)).padEnd(WIDTH, '.');
    // To the start of the line, and what was there before goes.
    this.out.write(`\r\x1b[2K[${bar}] ${this.done}/${this.total} ${what}`);
  }
}
