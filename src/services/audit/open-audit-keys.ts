import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import type { KeyRing } from '../encryption/key-ring';
import { isCurrent, openSecret, sealSecret } from '../encryption/sealed-secret';
import { findSecret, loadSecret } from '../encryption/secrets';
import { AuditKey, registerAuditKeys, signBegin, type AuditKeys } from './audit-key';

const NAME = 'audit';

interface StoredKey {
  readonly id: string;
  /** Encrypted with ENCRYPTION_KEY, so that all nodes get it. null: the secret is in DATA_DIR/secrets only. */
  readonly sealed: Buffer | null;
}

/** Where the keys are. */
interface KeyPlace {
  readonly dataDir: string;
  /** null: ENCRYPTION_KEY is not set. */
  readonly keys: KeyRing | null;
  readonly log: Pick<Logger, 'error'>;
}

/**
 * Opens the keys of the audit trail, and registers them for a database: with an ENCRYPTION_KEY the key is in the database,
 * encrypted, and all nodes use it; otherwise it is in DATA_DIR/secrets, which nodes share. The first start notes from which
 * event on events are signed; that anchors the earlier ones.
 * @throws WrongSecret
 */
export async function openAuditKeys(dataSource: DataSource, place: KeyPlace): Promise<AuditKeys> {
  const keys = await dataSource.transaction(async (manager) => {
    // One node makes the key. Others wait here, and then find it.
    await manager.query('SELECT 1 FROM audit_chain WHERE id = 1 FOR UPDATE');
    const stored = await storedKeys(manager);
    const shared = await openStored(manager, stored, place.keys);
    const local = await findSecret(place.dataDir, NAME, place.keys);
    const secret = shared.at(-1) ?? local ?? (await loadSecret(place.dataDir, NAME, place.keys));
    const current = new AuditKey(secret);
    if (!stored.some(({ id }) => id === current.id)) {
      if (stored.length > 0) place.log.error({ keyId: current.id }, otherKey(stored));
      await begin(manager, current);
    }
    if (place.keys !== null && shared.length === 0) await share(manager, current, secret, place.keys);
    return keysOf(current, [...shared, ...(local === null ? [] : [local])]);
  });
  registerAuditKeys(dataSource, keys);
  return keys;
}

/**
 * Registers the keys that a command needs to verify events, and to sign its own. It makes none.
 * @returns false if there is none
 * @throws WrongSecret
 */
export async function readAuditKeys(
  dataSource: DataSource,
  { dataDir, keys }: Omit<KeyPlace, 'log'>,
): Promise<boolean> {
  const stored = await storedKeys(dataSource.manager);
  const shared = stored.flatMap(({ sealed }) => (sealed === null ? [] : [openSecret(keys, NAME, sealed)]));
  const local = await findSecret(dataDir, NAME, keys);
  const current = shared.at(-1) ?? local;
  if (current === null) return false;
  const secrets = [...shared, ...(local === null ? [] : [local])];
  registerAuditKeys(dataSource, keysOf(new AuditKey(current), secrets));
  return true;
}

const keysOf = (current: AuditKey, secrets: readonly Buffer[]): AuditKeys => {
  const all = [...secrets.map((secret) => new AuditKey(secret)), current];
  return { current, all: new Map(all.map((key) => [key.id, key])) };
};

const otherKey = (stored: readonly StoredKey[]): string =>
  `This node has no key of the audit trail (${stored.map(({ id }) => id).join(', ')}) and signs with a new one. npm run audit:verify cannot verify the events of the other key. Copy DATA_DIR/secrets/audit.key from the node or backup that has it, or set the same ENCRYPTION_KEY on all nodes`;

/**
 * Takes the keys out of the database and into DATA_DIR/secrets, for a service that is to run without ENCRYPTION_KEY.
 * @throws WrongSecret; Error if the folder holds another key
 */
export async function unshareAuditKey(dataSource: DataSource, dataDir: string, keys: KeyRing): Promise<void> {
  await dataSource.transaction(async (manager) => {
    const stored = (await storedKeys(manager)).filter(({ sealed }) => sealed !== null);
    const [last] = (await openStored(manager, stored, keys)).slice(-1);
    if (last === undefined) return;
    const local = await loadSecret(dataDir, NAME, null, last);
    if (!local.equals(last)) {
      throw new Error(
        `${dataDir}/secrets/${NAME}.key is not the key of this audit trail. Move the file away and run the command again`,
      );
    }
    await manager.query('UPDATE audit_keys SET sealed = NULL');
  });
}

const storedKeys = (manager: EntityManager): Promise<StoredKey[]> =>
  manager.query<StoredKey[]>('SELECT id, sealed FROM audit_keys ORDER BY signed_from, id');

/** Decrypts the keys in the database, and encrypts them with the current key. @returns in the order of their use */
async function openStored(
  manager: EntityManager,
  stored: readonly StoredKey[],
  keys: KeyRing | null,
): Promise<Buffer[]> {
  const secrets: Buffer[] = [];
  for (const { id, sealed } of stored) {
    if (sealed === null) continue;
    const secret = openSecret(keys, NAME, sealed);
    secrets.push(secret);
    if (keys === null || isCurrent(keys, sealed)) continue;
    const again = sealSecret(keys, NAME, secret);
    await manager.query('UPDATE audit_keys SET sealed = $2 WHERE id = $1', [id, again]);
  }
  return secrets;
}

async function share(manager: EntityManager, key: AuditKey, secret: Buffer, keys: KeyRing): Promise<void> {
  const sealed = sealSecret(keys, NAME, secret);
  await manager.query('UPDATE audit_keys SET sealed = $2 WHERE id = $1', [key.id, sealed]);
}

/** Notes that the key signs from the next event on. The signature covers what came before. */
async function begin(manager: EntityManager, key: AuditKey): Promise<void> {
  const [end] = await manager.query<{ sequence: string; hash: Buffer }[]>(
    'SELECT sequence, hash FROM audit_chain WHERE id = 1',
  );
  if (end === undefined) throw new Error('The audit_chain table must have exactly one row');
  const signedFrom = Number(end.sequence) + 1;
  await manager.query(
    'INSERT INTO audit_keys (id, signed_from, previous_hash, signature) VALUES ($1, $2, $3, $4)',
    [key.id, signedFrom, end.hash, signBegin(key, signedFrom, end.hash)],
  );
}
