import { createHmac } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DurableFolders } from '../../disk/durable-folders';
import { isMissing } from '../../disk/storage-fault';
import type { KeyRing } from '../../encryption/key-ring';
import { loadSecretFile } from '../../encryption/secrets';

/** Whom an erasure was about, and what it left. */
export interface ErasedRow {
  /** Row id of the employee. */
  readonly subjectId: string;
  readonly keepAttendance: boolean;
}

const LINE = /^[0-9a-f]{64}$/;
const NEWLINE = 10;

/**
 * ERASURE_LOG: one line for each erased employee, an HMAC of the row's id and of whether punches were kept. It names nobody, and
 * survives if the database is restored from an earlier backup.
 */
export class ErasureLog {
  /** 16 hex digits; the same for nodes that share the file. */
  readonly id: string;

  private constructor(
    private readonly path: string,
    private readonly key: Buffer,
  ) {
    this.id = this.hmac('id').slice(0, 16);
  }

  /**
   * @param keys encrypt the key of the log; null: there is no ENCRYPTION_KEY
   * @throws WrongSecret; Error if the folder is not there or the log cannot be written
   */
  static async open(
    { path, keyFile }: { readonly path: string; readonly keyFile: string },
    keys: KeyRing | null,
  ): Promise<ErasureLog> {
    try {
      const handle = await open(path, 'a', 0o600);
      await handle.close();
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new Error(`Could not write ERASURE_LOG (${path}): ${code}. Its folder must exist`);
    }
    await new DurableFolders(dirname(path)).sync(dirname(path));
    const key = await loadSecretFile(dirname(keyFile), basename(keyFile), keys);
    return new ErasureLog(path, key);
  }

  /** Adds the lines that are not there yet. They are on the disk when it resolves. */
  async append(rows: readonly ErasedRow[]): Promise<void> {
    const there = await this.read();
    const lines = rows.map((row) => this.lineOf(row)).filter((line) => !there.has(line));
    if (lines.length === 0) return;
    const handle = await open(this.path, 'a+', 0o600);
    try {
      // A crash or a full disk may have left half a line.
      const { size } = await handle.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await handle.read(last, 0, 1, size - 1);
      const begin = size === 0 || last[0] === NEWLINE ? '' : '\n';
      await handle.appendFile(`${begin}${lines.join('\n')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** All lines; what is no line of ours is left out. */
  async read(): Promise<ReadonlySet<string>> {
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    return new Set(text.split('\n').filter((line) => LINE.test(line)));
  }

  /**
   * Whether an employee was erased.
   * @param lines that were read
   * @returns what the erasure left; if it was asked for twice, the one that removed more. null: they were not
   */
  find(lines: ReadonlySet<string>, subjectId: string): ErasedRow | null {
    const ways = [false, true].map((keepAttendance) => ({ subjectId, keepAttendance }));
    return ways.find((row) => lines.has(this.lineOf(row))) ?? null;
  }

  private lineOf({ subjectId, keepAttendance }: ErasedRow): string {
    return this.hmac(`${keepAttendance ? 'punches kept' : 'punches deleted'}\n${subjectId.toLowerCase()}`);
  }

  private hmac(text: string): string {
    return createHmac('sha256', this.key).update(`rollcall-erasure-1\n${text}`).digest('hex');
  }
}
