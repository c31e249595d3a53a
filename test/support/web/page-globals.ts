import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';

interface Estimate {
  usage: number;
  quota: number;
}

/** What the pages' own code needs of a browser, in Node.js: IndexedDB, locks, storage, a language. */
export interface PageGlobals {
  /** What the browser says of its storage. */
  readonly estimate: Estimate;
  restore(): void;
}

export function installPageGlobals(): PageGlobals {
  const estimate: Estimate = { usage: 1, quota: 100 };
  const held = new Set<string>();
  const locks = {
    request: async <T>(name: string, _: object, work: (lock: object | null) => Promise<T>): Promise<T> => {
      if (held.has(name)) return await work(null);
      held.add(name);
      try {
        return await work({});
      } finally {
        held.delete(name);
      }
    },
  };
  const storage = {
    persist: () => Promise.resolve(true),
    persisted: () => Promise.resolve(true),
    estimate: () => Promise.resolve({ ...estimate }),
  };
  const values: Readonly<Record<string, unknown>> = {
    indexedDB: new IDBFactory(),
    IDBKeyRange,
    navigator: { locks, storage, languages: ['en-GB'] },
    location: { search: '', origin: 'http://localhost' },
    document: { documentElement: {} },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  const before = Object.keys(values).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return {
    estimate,
    restore: () => {
      for (const [name, descriptor] of before) {
        if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
        else Object.defineProperty(globalThis, name, descriptor);
      }
    },
  };
}
