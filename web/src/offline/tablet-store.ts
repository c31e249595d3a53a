import { promised, transact } from './database';

/**
 * The tablet store: values that the kiosk keeps in IndexedDB, encrypted with a key that cannot be exported from the
 * browser. A copy of the tablet's files contains only encrypted data. The key stays when the tablet is unpaired, so that
 * saved punches can be sent after it is paired again.
 */

const KEY = 'vault-key';
const ALGORITHM = 'AES-GCM';
const IV_BYTES = 12;

export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

async function key(): Promise<CryptoKey> {
  const kept = await transact('values', 'readonly', (store) => promised<unknown>(store.get(KEY)));
  if (kept instanceof CryptoKey) return kept;
  const made = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // Another tab may have created a key meanwhile: the first one is used.
  return await transact('values', 'readwrite', async (store) => {
    const first = await promised<unknown>(store.get(KEY));
    if (first instanceof CryptoKey) return first;
    await promised(store.put(made, KEY));
    return made;
  });
}

export async function seal(plain: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { iv, data: await crypto.subtle.encrypt({ name: ALGORITHM, iv }, await key(), plain) };
}

export async function unseal({ iv, data }: Sealed): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: ALGORITHM, iv }, await key(), data));
}

/** Stores a value encrypted. Undefined removes it. */
export async function keep(name: string, value: unknown): Promise<void> {
  if (value === undefined) {
    await transact('values', 'readwrite', (store) => promised(store.delete(name)));
    return;
  }
  const sealed = await seal(new TextEncoder().encode(JSON.stringify(value)));
  await transact('values', 'readwrite', (store) => promised(store.put(sealed, name)));
}

/** The stored value. Null: nothing, or nothing that this browser's key can decrypt. */
export async function recall<T>(name: string): Promise<T | null> {
  const sealed = await transact('values', 'readonly', (store) =>
    promised(store.get(name) as IDBRequest<Sealed | undefined>),
  );
  if (sealed === undefined) return null;
  try {
    return JSON.parse(new TextDecoder().decode(await unseal(sealed))) as T;
  } catch {
    return null;
  }
}
