import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { isMissing } from '../disk/storage-fault';

/** An end of the audit trail. */
export interface Head {
  readonly sequence: number;
  /** 64 hex digits. */
  readonly hash: string;
}

export const HEAD_FILE = 'audit-head';

/** DATA_DIR/audit-head: where the trail ended when a node last looked. */
export class HeadFile {
  private readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, HEAD_FILE);
  }

  /** @param installation whose trail it is. @returns null: no end of this installation's trail is recorded */
  async read(installation: string): Promise<Head | null> {
    const text = await readFile(this.path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    const [, id, sequence, hash] = /^(\S+) (\d{1,15}):([0-9a-f]{64})$/m.exec(text) ?? [];
    if (id !== installation || sequence === undefined || hash === undefined) return null;
    return { sequence: Number(sequence), hash };
  }

  /** As a whole or not at all. A crash can undo it, which is no harm: an earlier end is right as well. */
  async write(installation: string, { sequence, hash }: Head): Promise<void> {
    const draft = `${this.path}.${randomUUID()}`;
    try {
      await writeFile(draft, `${installation} ${sequence}:${hash}\n`, { mode: 0o600 });
      await rename(draft, this.path);
    } finally {
      await rm(draft, { force: true });
    }
  }
}

/** Whether the trail still contains an event that it once ended with, or retention has deleted it since. */
export async function isIn(manager: EntityManager, { sequence, hash }: Head): Promise<boolean> {
  if (sequence === 0) return true;
  const [row] = await manager.query<{ hash: Buffer | null; first: string | null }[]>(
    `SELECT (SELECT hash FROM audit_events WHERE sequence = $1) AS hash,
       (SELECT min(sequence) FROM audit_events) AS first`,
    [sequence],
  );
  if (row?.hash != null) return row.hash.toString('hex') === hash;
  return row?.first != null && Number(row.first) > sequence;
}
