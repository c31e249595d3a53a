import type { Base } from '../../base';
import { requireKeys } from './key-check';
import { KeyRing } from './key-ring';
import { KeyRotation } from './key-rotation';
import { KeyUse } from './key-use';
import type { Rewriting } from './rotation-progress';
import { RotationService } from './rotation-service';
import { requireSecrets, rewriteSecrets } from './secrets';

export interface Encryption {
  /** null: nothing is encrypted. */
  readonly keys: KeyRing | null;
  /** Announces the key of this node until the node stops. */
  readonly keyUse: KeyUse | null;
}

/**
 * The configured keys, after a check that they belong to this database. Encrypts the secrets of the installation with the
 * current key.
 * @throws WrongKeys, WrongSecret
 */
export async function createEncryption({ config, dataSource, log }: Base): Promise<Encryption> {
  const keys = config.encryption && new KeyRing(config.encryption);
  const keyUse = keys && new KeyUse(dataSource, keys.current.id, log);
  const { dataDir, privacy } = config;
  const others = [privacy.erasureLog.keyFile];
  await requireKeys(dataSource, keys, async (manager) => {
    // Before the key is noted: a wrong one must not be asked for at later starts.
    await requireSecrets(dataDir, keys, others);
    await keyUse?.begin(manager);
  });
  // Secrets that are not used now, too: the previous key may be removed after a rotation.
  if (keys !== null) await rewriteSecrets(dataDir, keys, 'encrypted', others);
  return { keys, keyUse };
}

/** Re-encrypts all stored data with the current key. */
export function createRotation(
  { dataSource, log }: Base,
  { keys }: Encryption,
  rewriting: { readonly templates: Rewriting | null; readonly photos: Rewriting | null },
): RotationService {
  const { templates, photos } = rewriting;
  if (keys === null || templates === null || photos === null) return new RotationService(null, null, log);
  const rotation = new KeyRotation({ dataSource, keys, templates, photos });
  return new RotationService(rotation, keys.current.id, log);
}
