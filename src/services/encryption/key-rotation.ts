import type { DataSource } from 'typeorm';
import { forgetOtherKeys } from './key-check';
import type { KeyRing } from './key-ring';
import { otherKeysInUse } from './key-use';
import type { Rewriting, RotationProgress } from './rotation-progress';

interface KeyRotationOptions {
  readonly dataSource: DataSource;
  readonly keys: KeyRing;
  readonly templates: Rewriting;
  readonly photos: Rewriting;
  /** Decrypt everything. */
  readonly decrypt?: boolean;
}

/** Result of a rotation. */
interface RotationOutcome extends RotationCounts {
  /** Ids of other keys with which running nodes still encrypt. Empty until everything else is done. */
  readonly keysInUse: readonly string[];
}

/** Data that is not encrypted with the current key. */
export interface RotationCounts {
  readonly templates: number;
  readonly photos: number;
}

/**
 * Re-encrypts all stored data with the current key while the service runs. Only the data keys are encrypted again;
 * unencrypted data is encrypted. Rows and files show what is left, so a rotation can be interrupted, repeated, and run
 * by several processes at once.
 */
export class KeyRotation {
  constructor(private readonly options: KeyRotationOptions) {}

  /** What is left to do. */
  async remaining(): Promise<RotationCounts> {
    const { templates, photos } = this.options;
    return { templates: await templates.remaining(), photos: await photos.remaining() };
  }

  /**
   * Rewrites the remaining data. When nothing remains, a start needs no other key.
   * @param signal stops it after the current batch
   * @returns what is left: nothing, unless the run was aborted, a row cannot be decrypted, or a node that was not
   *   restarted still uses an earlier key
   */
  async run(signal: AbortSignal, progress: RotationProgress): Promise<RotationOutcome> {
    const { dataSource, keys, templates, photos, decrypt = false } = this.options;
    const goal = decrypt ? null : keys.current.id;
    // Read before and after: a node that ended meanwhile may have encrypted something that was missed.
    const before = await otherKeysInUse(dataSource.manager, goal);
    await templates.run(signal, progress);
    await photos.run(signal, progress);
    const left = await this.remaining();
    if (left.templates + left.photos > 0) return { ...left, keysInUse: [] };
    return { ...left, keysInUse: before.length > 0 ? before : await forgetOtherKeys(dataSource, goal) };
  }
}
