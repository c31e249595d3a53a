import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DurableFolders } from '../disk/durable-folders';
import { isMissing } from '../disk/storage-fault';
import { isEnvelope } from './envelope';
import type { KeyRing } from './key-ring';
import { createFile, exists, removeLeftover, replaceFile } from './secret-files';
import { isCurrent, openSecret, SECRET_BYTES, sealSecret, WrongSecret } from './sealed-secret';

const FOLDER = 'secrets';
const SUFFIX = '.key';

/**
 * A secret of this installation: 32 random bytes in DATA_DIR/secrets/<name>.key, for this user's eyes only. Made once,
 * even if several nodes that share the folder start at once, and on the disk before it is used: what was made with
 * a secret that is lost can never be checked again.
 * @param name of the secret, as a file may be called
 * @param keys encrypt it; null: there is no ENCRYPTION_KEY, and the file holds the secret itself
 * @param first what the file gets if it does not exist
 * @throws Error if the file does not hold 32 bytes; WrongSecret; the operating system's errors
 */
export function loadSecret(
  dataDir: string,
  name: string,
  keys: KeyRing | null = null,
  first: Buffer = randomBytes(SECRET_BYTES),
): Promise<Buffer> {
  return loadSecretFile(resolve(dataDir), join(FOLDER, `${name}${SUFFIX}`), keys, first);
}

/** The secret, if its file exists; null: it does not. It changes nothing. @throws as loadSecret */
export async function findSecret(
  dataDir: string,
  name: string,
  keys: KeyRing | null,
): Promise<Buffer | null> {
  const file = join(resolve(dataDir), FOLDER, `${name}${SUFFIX}`);
  return (await exists(file)) ? secretOf(file, await readFile(file), keys) : null;
}

/**
 * The same for any file.
 * @param root a folder that exists or that is made
 * @param path of the file below it
 */
export async function loadSecretFile(
  root: string,
  path: string,
  keys: KeyRing | null,
  first: Buffer = randomBytes(SECRET_BYTES),
): Promise<Buffer> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folders = new DurableFolders(root);
  const file = join(root, path);
  await folders.ensure(dirname(file));
  if (!(await exists(file))) {
    await createFile(file, keys === null ? first : sealSecret(keys, nameOf(file), first));
  }
  // Even if it existed: the process that created it may have crashed before the sync.
  await folders.sync(dirname(file));
  return rewrite(folders, file, keys, 'encrypted');
}

/** The wanted state of the files of secrets. */
export type SecretForm = 'encrypted' | 'plain';

/**
 * Brings all secrets of a data folder into one form: encrypted with the current key, or plain. Secrets that are not used at
 * the moment are included, so that an earlier key can be removed afterwards.
 * @param others files outside of DATA_DIR/secrets; those that do not exist are skipped
 * @throws WrongSecret; the operating system's errors
 */
export async function rewriteSecrets(
  dataDir: string,
  keys: KeyRing,
  form: SecretForm,
  others: readonly string[] = [],
): Promise<void> {
  const paths = await pathsIn(dataDir);
  for (const path of paths) await removeLeftover(path);
  for (const file of await secretsAmong([...paths, ...others])) {
    await rewrite(new DurableFolders(dirname(file)), file, keys, form);
  }
}

/**
 * Makes sure that the keys open all secrets, and changes nothing.
 * @param keys null: none is configured
 * @throws WrongSecret
 */
export async function requireSecrets(
  dataDir: string,
  keys: KeyRing | null,
  others: readonly string[] = [],
): Promise<void> {
  for (const file of await secretsAmong([...(await pathsIn(dataDir)), ...others])) {
    const content = await readFile(file);
    if (isEnvelope(content)) openFileOf(file, content, keys);
  }
}

async function pathsIn(dataDir: string): Promise<string[]> {
  const folder = join(resolve(dataDir), FOLDER);
  try {
    return (await readdir(folder)).map((name) => join(folder, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function secretsAmong(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) if (path.endsWith(SUFFIX) && (await exists(path))) found.push(path);
  return found;
}

const nameOf = (file: string): string => basename(file, SUFFIX);

/** Reads a secret, and writes it again if its file does not have the form that it is to have. */
async function rewrite(
  folders: DurableFolders,
  file: string,
  keys: KeyRing | null,
  form: SecretForm,
): Promise<Buffer> {
  const content = await readFile(file);
  const secret = secretOf(file, content, keys);
  if (keys === null || isDone(content, keys, form)) return secret;
  await replaceFile(file, form === 'plain' ? secret : sealSecret(keys, nameOf(file), secret));
  await folders.sync(dirname(file));
  return secret;
}

const isDone = (content: Buffer, keys: KeyRing, form: SecretForm): boolean =>
  form === 'plain' ? !isEnvelope(content) : isCurrent(keys, content);

function secretOf(file: string, content: Buffer, keys: KeyRing | null): Buffer {
  const secret = isEnvelope(content) ? openFileOf(file, content, keys) : content;
  if (secret.length === SECRET_BYTES) return secret;
  throw new Error(
    `${file} has ${secret.length} bytes instead of ${SECRET_BYTES}. Restore it from a backup. If there is none, delete it; the service then creates a new secret. Signatures and hashes of the old one become invalid`,
  );
}

function openFileOf(file: string, content: Buffer, keys: KeyRing | null): Buffer {
  try {
    return openSecret(keys, nameOf(file), content);
  } catch (error) {
    if (error instanceof WrongSecret) throw new WrongSecret(`${file}: ${error.message}`);
    throw error;
  }
}
