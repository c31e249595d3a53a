import type { Cdn } from './cloudinary';

/**
 * The accounts on which copies of photos may be: the one that uploads go to, and those of before, from which copies
 * are only removed.
 */
export class CdnClouds {
  private readonly former: ReadonlyMap<string, Cdn>;
  private readonly closed: ReadonlySet<string>;

  /** @param closed names of accounts that are no more; nothing is there, by the operator's word */
  constructor(
    private readonly current: Cdn | null,
    former: readonly Cdn[] = [],
    closed: readonly string[] = [],
  ) {
    this.former = new Map(former.map((cdn) => [cdn.cloudName, cdn]));
    this.closed = new Set(closed);
  }

  /**
   * The account of this name.
   * @param cloudName null: not known, as of copies from before it was kept; then it is the one that uploads go to
   * @returns `closed`, or null where there are no credentials for it
   */
  named(cloudName: string | null): Cdn | 'closed' | null {
    if (cloudName === null || cloudName === this.current?.cloudName) return this.current;
    if (this.closed.has(cloudName)) return 'closed';
    return this.former.get(cloudName) ?? null;
  }

  /** Closes connections that wait for another call. */
  close(): void {
    this.current?.close();
    for (const cdn of this.former.values()) cdn.close();
  }
}
