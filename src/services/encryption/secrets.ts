import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DurableFolders } from '../disk/durable-folders';
import { isMissing, systemCode } from '../disk/storage-fault';

const SECRET_BYTES = 32;

/**
 * A secret of this installation: 32 random bytes in DATA_DIR/secrets/<name>.key, readable for the service's user only. It is
 * made once, even if several nodes with the same folder start at the same time. It is durable before it is used: hashes
 * made with a lost secret could never be checked again.
 * @param name of the secret, valid as a file name
 * @throws Error where the file does not hold 32 bytes; the operating system's errors
 */
export async function loadSecret(dataDir: string, name: string): Promise<Buffer> {
  const root = resolve(dataDir);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folders = new DurableFolders(root);
  const folder = join(root, 'secrets');
  await folders.ensure(folder);
  const file = join(folder, `${name}.key`);
  if (!(await exists(file))) await generate(file);
  // Even if it existed: the process that created it may have crashed before the sync.
  await folders.sync(folder);
  const secret = await readFile(file);
  if (secret.length !== SECRET_BYTES) {
    throw new Error(
      `${file} has ${secret.length} bytes instead of ${SECRET_BYTES}. Restore it from a backup. If there is none, delete it; the service then creates a new secret. Signatures and hashes of the old one become invalid`,
    );
  }
  return secret;
}

/** Writes a new secret, unless another process is faster. It appears as a whole or not at all. */
async function generate(file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(randomBytes(SECRET_BYTES));
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Not a rename, which would replace the file of a faster process.
    await link(draft, file);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
