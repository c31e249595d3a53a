import type { DataSource } from 'typeorm';
import { holdRow, withoutRow } from './image-rows';
import { LocalFileMissing, type LocalStore } from './local-store';
import { EnvelopeBroken, isEnvelope, keyIdOf, open, rewrap, seal } from '../../encryption/envelope';
import { UnknownKey, type KeyRing } from '../../encryption/key-ring';
import { photoOwner } from './photo-vault';
import type { RotationProgress } from '../../encryption/rotation-progress';

const BATCH = 200;
const FOLDERS = ['face_images', 'attendance_images'];
/** These names are taken over by a later enrolment of the same employeeId; every other belongs to one photo for ever. */
const REUSED_NAME = /^face_images\/[^/]+$/;

/** The wanted state of photos: all encrypted, all decrypted, or unchanged but under the current key. */
type PhotoTarget = 'encrypted' | 'plain' | 'as-they-are';

/** @param decrypt decrypts everything */
export function photoTarget(encryptMedia: boolean, decrypt = false): PhotoTarget {
  if (decrypt) return 'plain';
  return encryptMedia ? 'encrypted' : 'as-they-are';
}

/** Brings local photos under the current key: re-wraps their data keys, and encrypts or decrypts photos if wanted. */
export class PhotoRotation {
  constructor(
    private readonly dataSource: DataSource,
    private readonly local: LocalStore,
    private readonly keys: KeyRing,
    private readonly target: PhotoTarget,
  ) {}

  /** How many photos are not in the wanted state. Reads the beginning of each. */
  async remaining(): Promise<number> {
    let count = 0;
    for await (const paths of this.stale(new AbortController().signal)) {
      count += paths.length - (await withoutRow(this.dataSource.manager, paths)).length;
    }
    return count;
  }

  /** Re-encrypts the remaining photos one by one. Finished work is kept after an interruption. */
  async run(signal: AbortSignal, progress: RotationProgress): Promise<void> {
    for await (const paths of this.stale(signal)) {
      for (const path of paths) {
        if (signal.aborted) return;
        if (await this.rewrite(path, progress)) progress.photos(1);
      }
    }
  }

  /** Some at a time. */
  private async *stale(signal: AbortSignal): AsyncGenerator<readonly string[]> {
    let batch: string[] = [];
    for (const folder of FOLDERS) {
      for await (const { path } of this.local.list(folder)) {
        if (signal.aborted) return;
        const start = await unlessGone(this.local.readStart(path));
        if (start !== null && this.isStale(start)) batch.push(path);
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  private isStale(start: Buffer): boolean {
    if (!isEnvelope(start)) return this.target === 'encrypted';
    return this.target === 'plain' || keyIdOf(start) !== this.keys.current.id;
  }

  /**
   * Photos without a row are left alone: their row may be about to be written. The row of the others is held meanwhile,
   * since one that was erased between the reading and the writing must not come back.
   */
  private rewrite(path: string, progress: RotationProgress): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      // Under the lock that every enrolment holds while it renames its photo into place.
      if (REUSED_NAME.test(path)) {
        await manager.query('SELECT version FROM gallery_state WHERE id = 1 FOR UPDATE');
      }
      return (await holdRow(manager, path)) && this.replace(path, progress);
    });
  }

  /** A rename, as every write of a photo: a reader has the one or the other, and so has a disk after a power cut. */
  private async replace(path: string, progress: RotationProgress): Promise<boolean> {
    const stored = await unlessGone(this.local.readStored(path));
    if (stored === null || !this.isStale(stored)) return false;
    try {
      await this.local.writeStored(this.fresh(path, stored), path);
      await this.local.confirm(path);
      return true;
    } catch (error) {
      if (!(error instanceof EnvelopeBroken || error instanceof UnknownKey)) throw error;
      progress.unreadable(`photo ${path}`, error.message);
      return false;
    }
  }

  private fresh(path: string, stored: Buffer): Buffer {
    const owner = photoOwner(path);
    if (!isEnvelope(stored)) return seal(this.keys, owner, stored);
    return this.target === 'plain' ? open(this.keys, owner, stored) : rewrap(this.keys, owner, stored);
  }
}

async function unlessGone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof LocalFileMissing) return null;
    throw error;
  }
}
