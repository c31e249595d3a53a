import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { isMissing } from '../../services/disk/storage-fault';
import { isMediaPath } from '../../services/photos/local/media-paths';
import { SUMS } from '../backup/backup-folder';
import { MANIFEST, parseManifest, rowsFile, type Manifest } from '../backup/manifest';
import { OperatorError } from '../operator-error';

const LINE = /^([0-9a-f]{64}) {2}(\S+)$/;

/** A backup that is what it was when it was made. */
export interface VerifiedBackup {
  /** Absolute. */
  readonly path: string;
  readonly manifest: Manifest;
}

/**
 * Reads every file of a backup and compares it with its hash, before anything is restored.
 * @throws OperatorError
 */
export async function verifyBackup(path: string, onFile: (total: number) => void): Promise<VerifiedBackup> {
  if (path.endsWith('.partial')) {
    throw new OperatorError(`${path} is not complete: the backup was interrupted. Use another one.`);
  }
  const manifest = await manifestOf(path);
  const wanted = new Set([MANIFEST, ...manifest.tables.map(({ name }) => rowsFile(name))]);
  const counts = { files: 0, photos: 0, secrets: 0 };
  for await (const line of createInterface({ input: createReadStream(join(path, SUMS)) })) {
    const [, hash = '', file = ''] = LINE.exec(line) ?? [];
    if (!wanted.delete(file)) {
      if (isPhoto(file)) counts.photos += 1;
      else if (isSecret(file)) counts.secrets += 1;
      else throw damaged(`${SUMS} lists something that no backup contains`);
    }
    if ((await hashOf(join(path, file))) !== hash) throw damaged(`${file} is missing or was changed`);
    counts.files += 1;
    onFile(manifest.files + 1);
  }
  const [missing] = wanted;
  if (missing !== undefined) throw damaged(`${SUMS} does not list ${missing}`);
  const { files, photos, secrets } = manifest;
  if (counts.files !== files + 1 || counts.photos !== (photos ?? 0) || counts.secrets !== secrets) {
    throw damaged(`${SUMS} does not list all files`);
  }
  return { path, manifest };
}

const isPhoto = (file: string): boolean => file.startsWith('media/') && isMediaPath(file.slice(6));
const isSecret = (file: string): boolean => /^secrets\/[a-z-]+\.key$/.test(file);

async function manifestOf(path: string): Promise<Manifest> {
  try {
    await stat(join(path, SUMS));
    return parseManifest(await readFile(join(path, MANIFEST), 'utf8'));
  } catch (error) {
    if (isMissing(error)) {
      throw new OperatorError(`${path} is no backup: it lacks ${MANIFEST} or ${SUMS}.`);
    }
    if (!(error instanceof Error)) throw error;
    throw new OperatorError(`The backup cannot be read: ${MANIFEST}: ${error.message}`);
  }
}

/** @returns null if there is no such file */
async function hashOf(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
    return hash.digest('hex');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const damaged = (what: string): OperatorError =>
  new OperatorError(`The backup is damaged: ${what}. Nothing was restored. Use another backup.`);
