import { Api } from '../api';
import { isFault } from '../shared/faults';
import { HeldKey } from '../shared/held-key';

/** What this reader may do. `people`: the number of enrolled people; null: unknown. */
export type Access =
  | { readonly kind: 'open'; readonly people: number | null }
  /** `refused`: the reader's key is not good, or no longer. */
  | { readonly kind: 'closed'; readonly refused: boolean }
  | { readonly kind: 'signedIn'; readonly people: number | null }
  /** No answer, or no usable one. */
  | { readonly kind: 'unknown' };

/** As the service's own rule has it: src/http/hooks/admission.ts. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
export const isLoopback = (): boolean => LOOPBACK.has(location.hostname);

/** Asks without a key first: an open service takes any, so a key that works does not say that one is needed. */
export async function findAccess(): Promise<Access> {
  try {
    const people = await new Api(() => null).enrolledCount();
    // Behind a proxy an open service answers everybody; this page adds nothing to that.
    return { kind: 'open', people: isLoopback() ? people : null };
  } catch (error) {
    if (!isFault(error, 'UNAUTHENTICATED')) return { kind: 'unknown' };
    const held = new HeldKey();
    return held.key === null ? { kind: 'closed', refused: false } : await accessWith(held);
  }
}

/** Tries a key, and keeps it if it is good. */
export function signIn(key: string): Promise<Access> {
  const held = new HeldKey();
  held.key = key;
  return accessWith(held);
}

async function accessWith(held: HeldKey): Promise<Access> {
  let people: number | null;
  try {
    people = await new Api(() => held.key).enrolledCount();
  } catch (error) {
    if (isFault(error, 'UNAUTHENTICATED')) {
      held.forget();
      return { kind: 'closed', refused: true };
    }
    if (!isFault(error, 'FORBIDDEN')) return { kind: 'unknown' };
    // A good key of a role that may not count people, such as a kiosk's.
    people = null;
  }
  held.keep();
  return { kind: 'signedIn', people };
}
