import type { Check } from '../api';
import type { Refusal } from '../offline/sender';
import { keep, recall } from '../offline/tablet-store';
import type { RefusedPunch } from './state';

const NAME = 'refused';

/**
 * Saved punches that the server refused, until the server has them or somebody confirms the list. It is only a list: the
 * punches stay in the outbox.
 */
export class RefusedPunches {
  private list: readonly RefusedPunch[] = [];

  constructor(private readonly onChange: (list: readonly RefusedPunch[]) => void) {}

  async open(): Promise<void> {
    this.set((await recall<RefusedPunch[]>(NAME)) ?? []);
  }

  async note(refusal: Refusal, check: Check | null): Promise<void> {
    const { requestId = null, employeeId = null, capturedAt = null } = check ?? {};
    const others = this.list.filter((punch) => punch.requestId !== requestId);
    await this.write([...others, { requestId, employeeId, capturedAt, why: refusal }]);
  }

  /** The server has the punch after all. */
  async delivered({ requestId }: Check): Promise<void> {
    const others = this.list.filter((punch) => punch.requestId !== requestId);
    if (others.length < this.list.length) await this.write(others);
  }

  async clear(): Promise<void> {
    await this.write([]);
  }

  private async write(list: readonly RefusedPunch[]): Promise<void> {
    this.set(list);
    await keep(NAME, list.length === 0 ? undefined : list);
  }

  private set(list: readonly RefusedPunch[]): void {
    this.list = list;
    this.onChange(list);
  }
}
