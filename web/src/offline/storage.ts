/** From this part of the quota on, no punch is saved: the browser might delete what it has, or fail half-way. */
const FULL = 0.9;

/** What the browser says about the storage of this page. */
export interface StorageState {
  /** Whether the browser keeps the data when space runs out. Null: it does not say. */
  readonly persistent: boolean | null;
  /** 0 to 1; null: it does not say. */
  readonly used: number | null;
  readonly full: boolean;
}

export const UNKNOWN_STORAGE: StorageState = { persistent: null, used: null, full: false };

const manager = (): StorageManager | undefined => navigator.storage;

/** Asks the browser not to delete this page's data when space runs out. */
export async function askForPersistence(): Promise<void> {
  try {
    await manager()?.persist();
  } catch {
    // Some browsers have no such promise; the state says so.
  }
}

export async function storageState(): Promise<StorageState> {
  try {
    const storage = manager();
    if (storage === undefined) return UNKNOWN_STORAGE;
    const [persistent, { usage, quota }] = await Promise.all([storage.persisted(), storage.estimate()]);
    const used = usage === undefined || quota === undefined || quota === 0 ? null : usage / quota;
    return { persistent, used, full: used !== null && used >= FULL };
  } catch {
    return UNKNOWN_STORAGE;
  }
}
