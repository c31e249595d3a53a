/** A clock that goes where a test sets it. */
export class Clock {
  constructor(private at = Date.parse('2026-03-02T08:00:00Z')) {}

  readonly now = (): Date => new Date(this.at);

  advance(ms: number): void {
    this.at += ms;
  }
}
