import type { DataSource } from 'typeorm';
import type { KeyRing } from './key-ring';

/** What is stored cannot be read with the keys that are configured; the message says which one is needed. */
export class WrongKeys extends Error {
  override readonly name = 'WrongKeys';
}

/**
 * Makes sure, before anything is read or written, that the keys are those that this database is encrypted with: with
 * another one nobody would be recognised, and what is enrolled meanwhile would need both. A key that is new is noted.
 * @param keys null: none is configured
 * @throws WrongKeys
 */
export async function requireKeys(dataSource: DataSource, keys: KeyRing | null): Promise<void> {
  const rows = await dataSource.query<{ id: string }[]>('SELECT id FROM encryption_keys ORDER BY id');
  const missing = rows.map(({ id }) => id).filter((id) => keys === null || !keys.has(id));
  if (missing.length > 0) {
    const configured = keys === null ? 'none is configured' : `configured are ${keys.ids.join(', ')}`;
    throw new WrongKeys(
      `Templates or photos are encrypted with the key whose id is ${missing.join(', ')}; ${configured}. ` +
        'Set ENCRYPTION_KEY (or ENCRYPTION_KEY_FILE) to it, or, if it was replaced, add it to ' +
        'ENCRYPTION_KEY_PREVIOUS. Without it they are lost: look in the backup of the keys',
    );
  }
  if (keys !== null) await noteKey(dataSource, keys.current.id);
}

/** From now on something may be encrypted with this key. */
async function noteKey(dataSource: DataSource, id: string): Promise<void> {
  await dataSource.query('INSERT INTO encryption_keys (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
}

/** Nothing is encrypted with any other key any more. @param id null: nothing is encrypted at all */
export async function forgetOtherKeys(dataSource: DataSource, id: string | null): Promise<void> {
  await dataSource.query('DELETE FROM encryption_keys WHERE $1::text IS NULL OR id <> $1', [id]);
}
