import type { Check } from '../api';
import { promised, transact } from './database';
import { seal, unseal, type Sealed } from './tablet-store';

/** Punches that wait for the network, in the order in which they were made. */

interface WaitingPunch {
  readonly check: Check;
  readonly photo: Blob;
}

/** A photo is some 100 KB: a full day of a busy door, and far from what a browser keeps. */
export const MAX_WAITING = 2000;

export const waitingCount = (): Promise<number> =>
  transact('outbox', 'readonly', (store) => promised(store.count()));

/** @throws Error where the outbox is full, or the disk is */
export async function putPunch({ check, photo }: WaitingPunch): Promise<void> {
  if ((await waitingCount()) >= MAX_WAITING) throw new Error('No more punches can be kept');
  const sealed = await seal(pack(JSON.stringify(check), new Uint8Array(await photo.arrayBuffer())));
  await transact('outbox', 'readwrite', (store) => promised(store.add(sealed)));
}

/** The oldest punch and its key. `punch` is null if it cannot be decrypted. */
export async function oldestPunch(): Promise<{
  readonly key: IDBValidKey;
  readonly punch: WaitingPunch | null;
} | null> {
  const first = await transact('outbox', 'readonly', async (store) => {
    const cursor = await promised(store.openCursor());
    return cursor === null ? null : { key: cursor.key, sealed: cursor.value as Sealed };
  });
  if (first === null) return null;
  try {
    return { key: first.key, punch: unpack(await unseal(first.sealed)) };
  } catch {
    return { key: first.key, punch: null };
  }
}

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

function unpack(bytes: Uint8Array<ArrayBuffer>): WaitingPunch {
  const length = new DataView(bytes.buffer).getUint32(0);
  const check = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Check;
  return { check, photo: new Blob([bytes.subarray(4 + length)], { type: 'image/jpeg' }) };
}
