/** Why the demo cannot be added or removed; for a person to act on. */
export class DemoFault extends Error {
  override readonly name = 'DemoFault';
}

/** Hears how far the demo is. */
export interface DemoProgress {
  /** @param total steps to come */
  begin(total: number): void;
  step(what: string): void;
}
