import type { DataSource } from 'typeorm';
import { forgetOtherKeys } from './key-check';
import type { KeyRing } from './key-ring';
import { otherKeysInUse } from './key-use';
import type { Rewriting, RotationProgress } from './rotation-progress';

interface KeyRotationParts {
  readonly dataSource: DataSource;
  readonly keys: KeyRing;
  readonly templates: Rewriting;
  readonly photos: Rewriting;
  /** Everything is to be as it was without encryption. */
  readonly decrypt?: boolean;
}

/** What a rotation leaves. */
interface RotationOutcome extends RotationCounts {
  /** Ids of other keys under which running nodes still encrypt; none, unless everything else is done. */
  readonly keysInUse: readonly string[];
}

/** What is not encrypted as it should be. */
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
  constructor(private readonly parts: KeyRotationParts) {}

  /** What is left to do. */
  async remaining(): Promise<RotationCounts> {
    const { templates, photos } = this.parts;
    return { templates: await templates.remaining(), photos: await photos.remaining() };
  }

  /**
   * Rewrites what is left. Once nothing is, no other key is asked for at a start any more.
   * @param signal breaks it off after the batch that is under way
   * @returns what is left: nothing, unless the run was aborted, a row cannot be decrypted, or a node that was not
   *   restarted still uses an earlier key
   */
  async run(signal: AbortSignal, progress: RotationProgress): Promise<RotationOutcome> {
    const { dataSource, keys, templates, photos, decrypt = false } = this.parts;
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
