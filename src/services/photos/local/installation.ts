import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { isMissing } from '../../disk/storage-fault';

const FILE = 'installation-id';

/**
 * Whether the photos in a data folder belong to this database; the first database a folder meets is its own. With
 * another one (a DATABASE_URL that was forgotten or mistyped for one start) every photo looks like one without a row.
 * @param mayClaim whether a folder that has met no database yet becomes this one's; otherwise it does not belong
 */
export async function belongTogether(
  dataSource: DataSource,
  dataDir: string,
  { mayClaim = true } = {},
): Promise<boolean> {
  const [row] = await dataSource.query<{ id: string }[]>('SELECT id FROM installation');
  const id = row?.id ?? '';
  try {
    return (await readFile(join(dataDir, FILE), 'utf8')).trim() === id;
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (!mayClaim) return false;
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, FILE), `${id}\n`, { mode: 0o600 });
    return true;
  }
}
