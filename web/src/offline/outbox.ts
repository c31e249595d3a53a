import type { Check } from '../api';
import { promised, transact } from './database';
import { seal, unseal, type Sealed } from './tablet-store';

/** Saved punches, in the order in which they were made. A punch leaves it only when the service has it. */

export interface SavedPunch {
  readonly check: Check;
  readonly photo: Blob;
}

interface Entry {
  readonly key: IDBValidKey;
  /** null: it cannot be decrypted */
  readonly punch: SavedPunch | null;
}

/** A photo is some 100 KB: a full day of a busy door, and far from what a browser keeps. */
const MAX_SAVED = 2000;

/** Why a punch cannot be saved: the outbox or the tablet's storage is full, or the browser refused. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull';
}

export const savedCount = (): Promise<number> =>
  transact('outbox', 'readonly', (store) => promised(store.count()));

/** @throws StorageFull */
export async function putPunch({ check, photo }: SavedPunch): Promise<void> {
  if ((await savedCount()) >= MAX_SAVED) throw new StorageFull('No more punches can be saved');
  const sealed = await seal(pack(JSON.stringify(check), new Uint8Array(await photo.arrayBuffer())));
  try {
    await transact('outbox', 'readwrite', (store) => promised(store.add(sealed)));
  } catch (error) {
    throw new StorageFull('The browser could not save a punch', { cause: error });
  }
}

/** The oldest punch after the given one; null: there is none. */
export async function punchAfter(after: IDBValidKey | null): Promise<Entry | null> {
  const range = after === null ? null : IDBKeyRange.lowerBound(after, true);
  const next = await transact('outbox', 'readonly', async (store) => {
    const cursor = await promised(store.openCursor(range));
    return cursor === null ? null : { key: cursor.key, sealed: cursor.value as Sealed };
  });
  if (next === null) return null;
  try {
    return { key: next.key, punch: unpack(await unseal(next.sealed)) };
  } catch {
    return { key: next.key, punch: null };
  }
}

/** Only for a punch that the service has. */
export const removePunch = (key: IDBValidKey): Promise<undefined> =>
  transact('outbox', 'readwrite', (store) => promised(store.delete(key)));

/** Length of the text (4 bytes), the text, the photo: one ciphertext, so that none of it can be exchanged. */
function pack(text: string, photo: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(4 + head.length + photo.length);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, 4);
  bytes.set(photo, 4 + head.length);
  return bytes;
}

function unpack(bytes: Uint8Array<ArrayBuffer>): SavedPunch {
  const length = new DataView(bytes.buffer).getUint32(0);
  const check = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Check;
  return { check, photo: new Blob([bytes.subarray(4 + length)], { type: 'image/jpeg' }) };
}
