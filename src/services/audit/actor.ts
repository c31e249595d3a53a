/** The requester of an action, as the audit trail stores it. */
export interface Actor {
  /** Their name in records, theirs alone: 1 to 64 characters, the same every time. */
  readonly caller: string;
  /** The requester's network address. Null: unknown, or the service itself. */
  readonly address: string | null;
  /** The program that sends the request, as it says. Null or left out: unknown, or the service itself. */
  readonly client?: string | null;
}

/** The service itself: retention and other background work. */
export const SYSTEM: Actor = { caller: 'system', address: null };
