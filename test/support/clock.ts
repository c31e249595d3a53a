/** A clock that goes where a test sets it. */
export class Clock {
  constructor(private at = Clock.START) {}

  /** A Monday morning. */
  static readonly START = Date.parse('2026-03-02T08:00:00Z');

  readonly now = (): Date => new Date(this.at);

  /** @param at milliseconds since 1970 */
  set(at: number): void {
    this.at = at;
  }

  advance(ms: number): void {
    this.at += ms;
  }
}
