import type { DataSource, EntityManager } from 'typeorm';
import type { KeyRing } from './key-ring';
import { otherKeysInUse } from './key-use';

/** The configured keys cannot decrypt the stored data. The message names the key that is needed. */
export class WrongKeys extends Error {
  override readonly name = 'WrongKeys';
}

/**
 * Checks before any read or write that the keys are those of this database. With another key nobody would be recognised,
 * and new enrolments would need both keys. A new key is stored.
 * @param keys null: none is configured
 * @param begin stores, in the same transaction, that this node uses the keys
 * @throws WrongKeys
 */
export function requireKeys(
  dataSource: DataSource,
  keys: KeyRing | null,
  begin: (manager: EntityManager) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  return dataSource.transaction(async (manager) => {
    await lockKeys(manager);
    await refuseOthers(manager, keys);
    if (keys !== null) await noteKey(manager, keys.current.id);
    await begin(manager);
  });
}

/** A node that starts is either seen by the end of a rotation, or starts after it. */
const lockKeys = (manager: EntityManager): Promise<unknown> =>
  manager.query('LOCK TABLE encryption_keys IN SHARE ROW EXCLUSIVE MODE');

async function refuseOthers(manager: EntityManager, keys: KeyRing | null): Promise<void> {
  const rows = await manager.query<{ id: string }[]>('SELECT id FROM encryption_keys ORDER BY id');
  const missing = rows.map(({ id }) => id).filter((id) => keys === null || !keys.has(id));
  if (missing.length > 0) {
    const configured = keys === null ? 'no key is configured' : `configured: ${keys.ids.join(', ')}`;
    throw new WrongKeys(
      `Stored templates or photos need the encryption key with id ${missing.join(', ')}; ${configured}. Set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE to this key, or add it to ENCRYPTION_KEY_PREVIOUS if it was replaced. Without the key this data is lost: look in the backup of the keys`,
    );
  }
}

/** Stores that data may be encrypted with this key. */
async function noteKey(manager: EntityManager, id: string): Promise<void> {
  await manager.query('INSERT INTO encryption_keys (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
}

/**
 * Forgets all other keys, because nothing is encrypted with them any more. A start then does not need them. If a running node
 * still encrypts with another key, nothing is forgotten.
 * @param id null: nothing is encrypted
 * @returns the other keys with which running nodes encrypt
 */
export function forgetOtherKeys(dataSource: DataSource, id: string | null): Promise<string[]> {
  return dataSource.transaction(async (manager) => {
    await lockKeys(manager);
    const inUse = await otherKeysInUse(manager, id);
    if (inUse.length === 0) {
      await manager.query('DELETE FROM encryption_keys WHERE $1::text IS NULL OR id <> $1', [id]);
    }
    return inUse;
  });
}
