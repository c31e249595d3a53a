/** A little of IndexedDB with promises: the kiosk keeps two kinds of things, its own values and what waits. */

const NAME = 'rollcall-kiosk';
type StoreName = 'values' | 'outbox';

export function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser could not keep something'));
  });
}

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= (() => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('values');
      request.result.createObjectStore('outbox', { autoIncrement: true });
    };
    return promised(request);
  })();
  opening.catch(() => (opening = null));
  return opening;
}

/** Runs one transaction. Resolves when the browser reports that the data is on disk. */
export async function transact<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const transaction = (await open()).transaction(store, mode, { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new Error('The browser could not keep something'));
  });
  done.catch(() => undefined);
  const result = await work(transaction.objectStore(store));
  await done;
  return result;
}
