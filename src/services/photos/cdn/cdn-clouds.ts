import type { Cdn } from './cdn';

/** Where to remove a copy of a photo. */
interface CopyHolders {
  /** All of them have to say that they have none. Empty: none is left that could have one. */
  readonly cdns: readonly Cdn[];
  /** Why nothing can be asked; null: everything can. */
  readonly missing: string | null;
}

/**
 * The accounts on which copies of photos may be: the one that uploads go to, and those of before, from which copies
 * are only removed.
 */
export class CdnClouds {
  private readonly known: ReadonlyMap<string, Cdn>;
  private readonly closed: ReadonlySet<string>;

  /**
   * @param current null: nothing is uploaded
   * @param closed names of accounts that are no more; nothing is there, by the operator's word
   */
  constructor(current: Cdn | null, former: readonly Cdn[] = [], closed: readonly string[] = []) {
    const all = [...(current === null ? [] : [current]), ...former];
    this.known = new Map(all.map((cdn) => [cdn.cloudName, cdn]));
    this.closed = new Set(closed);
  }

  /** @param cloudName of the account; null: not known, as of copies from before it was kept, so it may be any */
  holders(cloudName: string | null): CopyHolders {
    if (cloudName === null) {
      const cdns = [...this.known.values()];
      const none = cdns.length === 0 && this.closed.size === 0;
      return { cdns, missing: none ? 'Cloudinary credentials are not configured' : null };
    }
    const cdn = this.known.get(cloudName);
    if (cdn !== undefined) return { cdns: [cdn], missing: null };
    const missing = `Credentials for the Cloudinary account ${cloudName} are missing (CLOUDINARY_URL or CLOUDINARY_FORMER_URLS)`;
    return { cdns: [], missing: this.closed.has(cloudName) ? null : missing };
  }

  /** Closes connections that wait for another call. */
  close(): void {
    for (const cdn of this.known.values()) cdn.close();
  }
}
