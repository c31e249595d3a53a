import { ServiceClock } from './service-clock';
import { TimeBeacon } from './time-beacon';

/**
 * Whether the service can be reached, and the difference between its clock and this device's. Only answers of the
 * service decide it, whatever they say: a punch that is refused is no sign of a missing network.
 */
export class Reach {
  online = true;

  private readonly listeners = new Set<(online: boolean) => void>();

  constructor(
    readonly clock = new ServiceClock(),
    readonly beacon = new TimeBeacon(),
  ) {}

  /** @returns a function that ends it */
  watch(listener: (online: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** @param answered whether the service answered, also with an error */
  note(answered: boolean): void {
    if (this.online === answered) return;
    this.online = answered;
    for (const listener of this.listeners) listener(answered);
  }
}
