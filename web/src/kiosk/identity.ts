import type { Api, KioskSettings } from '../api';
import { keep, recall } from '../offline/tablet-store';
import { isFault } from '../shared/faults';

/** The kiosk's office, and what its checks require. */

const KEY = 'api-key';
const SETTINGS = 'settings';
/** The stored settings. They are requested every few seconds, and written when they change. */
let written: string | null = null;

export const keptKey = (): Promise<string | null> => recall<string>(KEY);

/** Swaps a one-time code for this kiosk's own key. @throws ApiFault */
export async function pair(api: Api, code: string): Promise<string> {
  const { apiKey } = await api.redeemPairing(code);
  await keep(KEY, apiKey);
  return apiKey;
}

/** Forgets the key; punches that wait stay, for the time when the kiosk is paired again. */
export async function unpair(): Promise<void> {
  await keep(KEY, undefined);
  await keep(SETTINGS, undefined);
  written = null;
}

/**
 * The settings of the key that the Api has, or the ones known last while the service does not tell them.
 * @returns null: the server wants a key
 * @throws ApiFault if nothing is known yet
 */
export async function loadSettings(api: Api): Promise<KioskSettings | null> {
  try {
    const settings = await api.kioskSettings();
    const text = JSON.stringify(settings);
    if (text !== written) await keep(SETTINGS, settings);
    written = text;
    return settings;
  } catch (error) {
    // Nothing else says that the key is not valid: not a fault of the service, and not FORBIDDEN, whose cause may be the
    // configuration (a list of operations without the page's).
    if (isFault(error, 'UNAUTHENTICATED')) return null;
    const known = await recall<KioskSettings>(SETTINGS);
    if (known !== null) return known;
    throw error;
  }
}
