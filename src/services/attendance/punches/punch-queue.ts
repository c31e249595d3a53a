import type { Attendance } from '../../../entities/attendance.entity';
import { unavailable } from '../../../errors';

/** Punches that somebody who watches may be behind. A busy lobby makes one a second; who is 100 behind is not reading. */
export const MAX_BEHIND = 100;

/** Punches on their way to one who watches. Bounded: who does not keep up is let go of, and comes back to look. */
export class PunchQueue implements AsyncIterableIterator<Attendance> {
  private readonly waiting: Attendance[] = [];
  private wake: () => void = () => undefined;
  private over = false;
  private fault: Error | null = null;

  /**
   * @param officeId whose punches; null: all
   * @param ready rejects where there is nothing to watch
   * @param onEnd called once, when no punch is wanted any more
   */
  constructor(
    readonly officeId: string | null,
    private readonly ready: () => Promise<unknown>,
    private readonly onEnd: () => void,
  ) {}

  push(punch: Attendance): void {
    if (this.over) return;
    if (this.waiting.length < MAX_BEHIND) this.waiting.push(punch);
    else
      this.end(
        unavailable(
          'Events were dropped because the client fell behind; query `attendances` and resubscribe',
        ),
      );
    this.wake();
  }

  async next(): Promise<IteratorResult<Attendance, undefined>> {
    try {
      await this.ready();
    } catch (error) {
      this.end(null);
      throw error;
    }
    while (this.waiting.length === 0 && !this.over) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const { fault } = this;
    this.fault = null;
    if (fault !== null) throw fault;
    const punch = this.over ? undefined : this.waiting.shift();
    return punch === undefined ? { done: true, value: undefined } : { done: false, value: punch };
  }

  return(): Promise<IteratorResult<Attendance, undefined>> {
    this.end(null);
    this.wake();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private end(fault: Error | null): void {
    if (this.over) return;
    this.over = true;
    this.fault = fault;
    this.waiting.length = 0;
    this.onEnd();
  }
}
