import { Api } from '../api';
import { isFault } from '../shared/faults';
import type { HeldKey } from '../shared/held-key';

/** What the service lets this reader do, and what it tells them for it. `people`: how many are enrolled; null: untold. */
export type Access =
  | { readonly kind: 'open'; readonly people: number | null }
  /** `refused`: the reader had a key, which is not good (any more). */
  | { readonly kind: 'closed'; readonly refused: boolean }
  | { readonly kind: 'signedIn'; readonly people: number | null }
  /** No answer, or none that tells. */
  | { readonly kind: 'unknown' };

/** As the service's own rule has it: src/http/admission.ts. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
export const isLoopback = (): boolean => LOOPBACK.has(location.hostname);

/** Asks without a key first: an open service would take any, and then nobody would learn that it is open. */
export async function findAccess(held: HeldKey): Promise<Access> {
  try {
    const people = await new Api(() => null).enrolledCount();
    // Behind a proxy an open service answers everybody; this page adds nothing to that.
    return { kind: 'open', people: isLoopback() ? people : null };
  } catch (error) {
    if (!isFault(error, 'UNAUTHENTICATED')) return { kind: 'unknown' };
    return held.key === null ? { kind: 'closed', refused: false } : await withKey(held);
  }
}

async function withKey(held: HeldKey): Promise<Access> {
  try {
    const people = await new Api(() => held.key).enrolledCount();
    held.keep();
    return { kind: 'signedIn', people };
  } catch (error) {
    if (isFault(error, 'FORBIDDEN')) {
      // A good key of a role that may not count people, such as a kiosk's.
      held.keep();
      return { kind: 'signedIn', people: null };
    }
    if (!isFault(error, 'UNAUTHENTICATED')) return { kind: 'unknown' };
    held.forget();
    return { kind: 'closed', refused: true };
  }
}
