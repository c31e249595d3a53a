import type { Attendance } from '../../../entities/attendance.entity';
import { unavailable } from '../../../errors';

/** How many punches a subscriber may be behind. A busy lobby makes one a second; 100 behind means that nobody reads. */
export const MAX_BEHIND = 100;

/** Punches on their way to one subscriber. Bounded: a subscriber that falls behind is disconnected and subscribes again. */
export class PunchQueue implements AsyncIterableIterator<Attendance> {
  private readonly waiting: Attendance[] = [];
  private wake: () => void = () => undefined;
  private over = false;
  private fault: Error | null = null;

  /**
   * @param officeId whose punches; null: all
   * @param ready rejects if there is nothing to watch
   * @param onEnd called once, when the queue ends
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
