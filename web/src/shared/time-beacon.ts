const KEPT = 'rollcall-beacon';

/**
 * The last time beacon of the service. A punch that is saved names it, which proves that it was not made before: so it
 * outlives a reload and a restart of the tablet.
 */
export class TimeBeacon {
  private latest: string | null = null;

  constructor(private readonly kept: Pick<Storage, 'getItem' | 'setItem'> | null = null) {}

  /** @param header of an answer; null: it has none */
  note(header: string | null): void {
    if (header === null || header === this.latest) return;
    this.latest = header;
    try {
      this.kept?.setItem(KEPT, header);
    } catch {
      // The storage is full: after a reload the next answer has one.
    }
  }

  current(): string | null {
    return this.latest ?? this.kept?.getItem(KEPT) ?? null;
  }
}

/** null: the browser has none, or forbids it. */
export function lastingStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
