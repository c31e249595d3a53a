export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** A tablet at a door stays where it is: a position is good for this long, and nobody waits for a new one. */
const FRESH_MS = 10 * 60_000;
const DEADLINE_MS = 10_000;

/** Keeps the last known position at hand. */
export class Locator {
  private last: { readonly position: Position; readonly at: number } | null = null;
  private asking = false;

  /** The last known position. Null: unknown. Refreshes an old one in the background. */
  current(): Position | null {
    const age = this.last === null ? Infinity : Date.now() - this.last.at;
    if (age > FRESH_MS / 2) this.refresh();
    return this.last !== null && age <= FRESH_MS ? this.last.position : null;
  }

  /** Waits for the first position, for a while; later there is one at hand. */
  async first(patienceMs: number): Promise<Position | null> {
    const end = Date.now() + patienceMs;
    while (this.current() === null && this.asking && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.current();
  }

  private refresh(): void {
    const geolocation = navigator.geolocation as Geolocation | undefined;
    if (this.asking || geolocation === undefined) return;
    this.asking = true;
    geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        this.asking = false;
        this.last = { position: { latitude, longitude }, at: Date.now() };
      },
      () => (this.asking = false),
      { enableHighAccuracy: true, maximumAge: FRESH_MS / 2, timeout: DEADLINE_MS },
    );
  }
}
