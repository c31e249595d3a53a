/** The clocks of a device. */
export interface DeviceClock {
  /** What the device takes for the time, in milliseconds since 1970. People and networks set it. */
  wall(): number;
  /** Milliseconds since some moment. Nobody can set it, but it may stand still while the device sleeps. */
  monotonic(): number;
}

const DEVICE_CLOCK: DeviceClock = { wall: () => Date.now(), monotonic: () => performance.now() };

/** An offset explains a time for so long after it was measured. */
const VALID_MS = 24 * 3_600_000;
/** By how much the two clocks of a device may disagree before one of them counts as changed. */
const TOLERANCE_MS = 2000;
/** An answer that took longer says too little about the service's time. */
const MAX_ROUND_TRIP_MS = 10_000;
/** The `Date` header has whole seconds, always rounded down. */
const HALF_A_SECOND = 500;

const KEPT = 'rollcall-clock';

interface Measured {
  readonly offsetMs: number;
  readonly wall: number;
  readonly monotonic: number;
}

/**
 * The difference between the service's clock and this device's, measured with each answer. It outlives a reload of the
 * page, but not a restart of the tablet: after that its clock may be anything, so the offset is unknown until the service
 * answers again.
 */
export class ServiceClock {
  private measured: Measured | null = null;

  /** @param kept what the browser forgets when it ends, as it does when the tablet restarts */
  constructor(
    readonly device: DeviceClock = DEVICE_CLOCK,
    private readonly kept: Pick<Storage, 'getItem' | 'setItem'> | null = null,
  ) {}

  /**
   * @param date the `Date` header of an answer
   * @param sentAt of its request, by the monotonic clock
   */
  measure(date: string | null, sentAt: number): void {
    const served = Date.parse(date ?? '');
    const [wall, monotonic] = [this.device.wall(), this.device.monotonic()];
    const took = monotonic - sentAt;
    if (Number.isNaN(served) || took > MAX_ROUND_TRIP_MS) return;
    this.measured = {
      offsetMs: Math.round(served + HALF_A_SECOND + took / 2 - wall),
      wall,
      monotonic,
    };
    this.kept?.setItem(KEPT, JSON.stringify({ offsetMs: this.measured.offsetMs, wall }));
  }

  /**
   * What is to be added to this device's time now to get the service's, in milliseconds. Null: unknown, because the
   * service has not answered since the page was loaded or for a day, or because somebody set the clock since then.
   */
  offsetMs(): number | null {
    if (this.measured === null) return this.keptOffsetMs();
    const passed = this.device.monotonic() - this.measured.monotonic;
    const shown = this.device.wall() - this.measured.wall;
    const agree = Math.abs(shown - passed) <= TOLERANCE_MS && passed <= VALID_MS;
    return agree ? this.measured.offsetMs : null;
  }

  /** Of before a reload. Whether the clock was set since then, the server sees when the check is sent. */
  private keptOffsetMs(): number | null {
    const text = this.kept?.getItem(KEPT) ?? null;
    if (text === null) return null;
    const { offsetMs, wall } = JSON.parse(text) as Omit<Measured, 'monotonic'>;
    const age = this.device.wall() - wall;
    return age >= 0 && age <= VALID_MS ? offsetMs : null;
  }
}

/** null: the browser has none, or forbids it. */
export function sessionOf(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
