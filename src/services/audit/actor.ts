/** The requester of an action, as the audit trail stores it. */
export interface Actor {
  /** As callerId names callers, 1 to 64 characters. */
  readonly caller: string;
  /** The requester's network address. Null: unknown, or the service itself. */
  readonly address: string | null;
}

/** The service itself: retention and other background work. */
export const SYSTEM: Actor = { caller: 'system', address: null };
