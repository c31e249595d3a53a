import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DurableFolders } from '../../services/disk/durable-folders';

/** The hashes of all other files, in the format of `sha256sum`. */
export const SUMS = 'SHA256SUMS';
/** Bytes that are gathered before they are written. */
const CHUNK = 262_144;

/**
 * A backup that is being written. It gets its name when everything is on the disk, so that a part of a backup never looks
 * like a whole one.
 */
export class BackupFolder {
  private readonly made = new Set<string>();
  private readonly durable: DurableFolders;
  private count = 0;

  private constructor(
    /** Where it is written. */
    readonly path: string,
    private readonly target: string,
    private readonly sums: FileHandle,
  ) {
    this.durable = new DurableFolders(path);
  }

  /** @param target absolute. @throws the operating system's errors, EEXIST if one is being written already */
  static async create(target: string): Promise<BackupFolder> {
    const path = `${target}.partial`;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await mkdir(path, { mode: 0o700 });
    return new BackupFolder(path, target, await open(join(path, SUMS), 'wx', 0o600));
  }

  /** How many files it has. */
  get files(): number {
    return this.count;
  }

  /** Writes a file, durably. @param path relative, with forward slashes */
  async write(path: string, content: AsyncIterable<Buffer | string> | Iterable<string>): Promise<void> {
    const file = join(this.path, path);
    await this.durable.ensure(dirname(file));
    this.made.add(dirname(file));
    const handle = await open(file, 'wx', 0o600);
    const hash = createHash('sha256');
    try {
      await pour(content, handle, hash);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.count += 1;
    // One call of a handle writes the whole line before the next one.
    await this.sums.appendFile(`${hash.digest('hex')}  ${path}\n`);
  }

  /** Copies a file, durably. */
  copy(source: string, path: string): Promise<void> {
    return this.write(path, createReadStream(source) as AsyncIterable<Buffer>);
  }

  /** Gives the backup its name. */
  async finish(): Promise<void> {
    await this.sums.sync();
    await this.sums.close();
    for (const folder of [...this.made, this.path]) await this.durable.sync(folder);
    await rename(this.path, this.target);
    await new DurableFolders(dirname(this.target)).sync(dirname(this.target));
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    await this.sums.close().catch(() => undefined);
    await rm(this.path, { recursive: true, force: true });
  }
}

async function pour(
  content: AsyncIterable<Buffer | string> | Iterable<string>,
  handle: FileHandle,
  hash: Hash,
): Promise<void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.concat(parts);
    [parts, bytes] = [[], 0];
    hash.update(chunk);
    await handle.appendFile(chunk);
  };
  for await (const part of content) {
    const buffer = typeof part === 'string' ? Buffer.from(part) : part;
    parts.push(buffer);
    bytes += buffer.length;
    if (bytes >= CHUNK) await flush();
  }
  await flush();
}
