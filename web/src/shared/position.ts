/** A position, as a check sends it. */
export interface Position {
  /** In degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Radius in metres in which the device probably is. */
  readonly positionAccuracyMeters: number;
  /** When the device determined it, by the clock of the device. */
  readonly positionTakenAt: string;
}

/** What the server takes for a good position. Settings that an earlier version of the page saved have neither. */
interface PositionLimits {
  readonly positionMaxAgeSeconds?: number;
  readonly positionMaxAccuracyMeters?: number;
}

const DEADLINE_MS = 10_000;
/** Between two requests while nobody is there, even if the device refuses. */
const PAUSE_MS = 5000;

/** Keeps a position at hand that is younger than the server asks for, so that nobody waits for it. */
export class Locator {
  private readonly maxAgeMs: number;
  private readonly maxAccuracyMeters: number;
  private last: Position | null = null;
  private asking = false;
  private askedAt = -Infinity;

  constructor({ positionMaxAgeSeconds = 120, positionMaxAccuracyMeters = 150 }: PositionLimits) {
    this.maxAgeMs = positionMaxAgeSeconds * 1000;
    this.maxAccuracyMeters = positionMaxAccuracyMeters;
  }

  /** Requests a new position before the last one is too old. */
  renew(): void {
    if (this.isOld && performance.now() - this.askedAt > PAUSE_MS) this.refresh();
  }

  /** The last position. Null: unknown, or too old. Requests a better one in the background if it is poor. */
  current(): Position | null {
    const isPoor = this.last !== null && this.last.positionAccuracyMeters > this.maxAccuracyMeters;
    if (this.isOld || isPoor) this.refresh();
    return this.ageMs <= this.maxAgeMs ? this.last : null;
  }

  /** Waits for a position, for a while; mostly there is one at hand. */
  async first(patienceMs: number): Promise<Position | null> {
    const end = Date.now() + patienceMs;
    while (this.current() === null && this.asking && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.current();
  }

  private get isOld(): boolean {
    return this.ageMs > this.maxAgeMs / 2;
  }

  /** Infinity: there is none, or somebody has set the clock back since. */
  private get ageMs(): number {
    const age = this.last === null ? Infinity : Date.now() - Date.parse(this.last.positionTakenAt);
    return age >= 0 ? age : Infinity;
  }

  private refresh(): void {
    const geolocation = navigator.geolocation as Geolocation | undefined;
    if (this.asking || geolocation === undefined) return;
    this.asking = true;
    this.askedAt = performance.now();
    geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy }, timestamp }) => {
        this.asking = false;
        const now = Date.now();
        // Some browsers count from another year. It was determined after it was asked for.
        const takenAt = Math.min(Math.max(timestamp, now - DEADLINE_MS), now);
        this.last = {
          ...{ latitude, longitude, positionAccuracyMeters: accuracy },
          positionTakenAt: new Date(takenAt).toISOString(),
        };
      },
      () => (this.asking = false),
      { enableHighAccuracy: true, maximumAge: 0, timeout: DEADLINE_MS },
    );
  }
}
