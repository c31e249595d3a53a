import type { Check } from '../api';
import { type Delivery, wasDelivered } from '../offline/sender';
import { keep, recall } from '../offline/tablet-store';
import type { RefusedPunch } from './state';

const NAME = 'refused';
/** A list for HR to look at, not an archive; without photos. */
const MAX_KEPT = 50;

/** Punches that were saved without network and refused later, until somebody has taken note. */
export class RefusedPunches {
  private list: readonly RefusedPunch[] = [];

  constructor(private readonly onChange: (list: readonly RefusedPunch[]) => void) {}

  async open(): Promise<void> {
    this.set((await recall<RefusedPunch[]>(NAME)) ?? []);
  }

  async note(delivery: Delivery, check: Check | null): Promise<void> {
    if (wasDelivered(delivery)) return;
    const { employeeId = null, capturedAt = null } = check ?? {};
    this.set([...this.list, { employeeId, capturedAt, why: delivery }].slice(-MAX_KEPT));
    await keep(NAME, this.list);
  }

  async clear(): Promise<void> {
    this.set([]);
    await keep(NAME, undefined);
  }

  private set(list: readonly RefusedPunch[]): void {
    this.list = list;
    this.onChange(list);
  }
}
