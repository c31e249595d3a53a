import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A key of the configuration, ready for use. */
interface WrappingKey {
  /** Id of the key, to be shown and stored: 16 hex digits. The key cannot be computed from it. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Stored data is encrypted with a key that is not configured. */
export class UnknownKey extends Error {
  override readonly name = 'UnknownKey';

  constructor(readonly id: string) {
    super(`Encrypted with key ${id}, which is neither ENCRYPTION_KEY nor in ENCRYPTION_KEY_PREVIOUS`);
  }
}

/** Stored data is encrypted, but no key is configured. */
export class NoKey extends Error {
  override readonly name = 'NoKey';

  constructor() {
    super('Encrypted, but ENCRYPTION_KEY is not set');
  }
}

const ID_BYTES = 8;
const KEY_BYTES = 32;

/** A key should have one use. So the id and the wrapping key are derived from the configured key separately (RFC 5869). */
function derive(secret: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `rollcall ${purpose} 1`, bytes));
}

function wrappingKey(secret: Buffer): WrappingKey {
  return {
    id: derive(secret, 'key id', ID_BYTES).toString('hex'),
    key: createSecretKey(derive(secret, 'key wrapping', KEY_BYTES)),
  };
}

/** The keys that encrypt data keys: one for new data, and earlier ones that stored data may need. */
export class KeyRing {
  readonly current: WrappingKey;
  private readonly byId: ReadonlyMap<string, WrappingKey>;

  /**
   * @param key 32 bytes
   * @param previous the same, each
   */
  constructor({ key, previous }: { readonly key: Buffer; readonly previous: readonly Buffer[] }) {
    this.current = wrappingKey(key);
    const all = [...previous.map(wrappingKey), this.current];
    this.byId = new Map(all.map((each) => [each.id, each]));
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** The ids of all keys. */
  get ids(): readonly string[] {
    return [...this.byId.keys()];
  }

  /** @throws UnknownKey */
  get(id: string): WrappingKey {
    const found = this.byId.get(id);
    if (found === undefined) throw new UnknownKey(id);
    return found;
  }
}
