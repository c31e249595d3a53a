import type { DataSource, EntityManager } from 'typeorm';
import type { KeyRing } from './key-ring';
import { otherKeysInUse } from './key-use';

/** The configured keys cannot decrypt the stored data. The message names the key that is needed. */
export class WrongKeys extends Error {
  override readonly name = 'WrongKeys';
}

/**
 * Makes sure, before anything is read or written, that the keys are those that this database is encrypted with: with
 * another one nobody would be recognised, and what is enrolled meanwhile would need both. A key that is new is noted.
 * @param keys null: none is configured
 * @param begin notes, in the same transaction, that a node uses them from now on
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

/** A node that begins is either seen by the end of a rotation, or begins after it. */
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

/** From now on something may be encrypted with this key. */
async function noteKey(manager: EntityManager, id: string): Promise<void> {
  await manager.query('INSERT INTO encryption_keys (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
}

/**
 * Nothing is encrypted with any other key any more: none is asked for at a start from now on, unless a node runs that
 * still encrypts under one.
 * @param id null: nothing is encrypted at all
 * @returns the other keys under which running nodes encrypt; where there are some, nothing was forgotten
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
