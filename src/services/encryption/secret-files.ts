import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { isMissing, systemCode } from '../disk/storage-fault';

/** Files of some bytes that are written as a whole, on the disk before anybody relies on them, for this user's eyes only. */

const DRAFT = /\.key\.[0-9a-f-]{36}$/;
const LEFTOVER_MS = 3_600_000;

/** Creates a file, unless another process is faster. It appears as a whole or not at all. */
export async function createFile(file: string, content: Buffer): Promise<void> {
  const draft = await writeDraft(file, content);
  try {
    // Not a rename, which would take the place of the faster one's.
    await link(draft, file);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Replaces a file. Readers see the old content or the new one. */
export async function replaceFile(file: string, content: Buffer): Promise<void> {
  await rename(await writeDraft(file, content), file);
}

/** @returns the path of a file beside it with this content, which is on the disk */
async function writeDraft(file: string, content: Buffer): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return draft;
}

export async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** A crash can leave a draft, which may hold a plain secret. A young one may be another node's. */
export async function removeLeftover(file: string): Promise<void> {
  if (!DRAFT.test(file)) return;
  try {
    if ((await stat(file)).mtimeMs < Date.now() - LEFTOVER_MS) await rm(file, { force: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
