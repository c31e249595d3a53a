/** Who does something, for what is kept of it. */
export interface Actor {
  /** Their name in records, theirs alone: 1 to 64 characters, the same every time. */
  readonly caller: string;
  /** The network address it comes from; null: not known, or nobody's. */
  readonly address: string | null;
}

/** The service by itself: retention, what it works off in the background. */
export const SYSTEM: Actor = { caller: 'system', address: null };
