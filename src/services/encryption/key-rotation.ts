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

/** What is not as it is to be. */
export interface RotationCounts {
  readonly templates: number;
  readonly photos: number;
}

/**
 * Brings all that is stored under the current key, while the service runs: only the wrapped data keys are rewritten,
 * and what is not encrypted yet is encrypted. What is left is what rows and files say, so it can be broken off at any
 * moment, run again, and run by several processes at once.
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
   * @returns what is left: nothing, unless it was broken off, something cannot be decrypted, or a node that was not
   *   started anew goes on with an earlier key
   */
  async run(signal: AbortSignal, progress: RotationProgress): Promise<RotationOutcome> {
    const { dataSource, keys, templates, photos, decrypt = false } = this.parts;
    const goal = decrypt ? null : keys.current.id;
    // Asked before and after: of a node that ended meanwhile, what it encrypted last may have been missed.
    const before = await otherKeysInUse(dataSource.manager, goal);
    await templates.run(signal, progress);
    await photos.run(signal, progress);
    const left = await this.remaining();
    if (left.templates + left.photos > 0) return { ...left, keysInUse: [] };
    return { ...left, keysInUse: before.length > 0 ? before : await forgetOtherKeys(dataSource, goal) };
  }
}
