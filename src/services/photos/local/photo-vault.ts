import { contentTagOf, isEnvelope, open, seal } from '../../encryption/envelope';
import { NoKey, type KeyRing } from '../../encryption/key-ring';

/** A photo as it was before it was stored. */
export interface OpenedPhoto {
  readonly jpeg: Buffer;
  /** Names the content, and no other; null: it is stored as it is. */
  readonly tag: string | null;
}

/**
 * Local photos, as they are stored: encrypted if that is asked for. Ones from before are read as they are, and no
 * JPEG can be taken for an envelope. A photo opens at its own path only, which has its owner's id in it.
 */
export class PhotoVault {
  /**
   * @param keys null: none is encrypted, and none that is can be read
   * @param encrypts whether photos that are written now are encrypted
   */
  constructor(
    private readonly keys: KeyRing | null,
    private readonly encrypts: boolean,
  ) {}

  /** @param path below the media folder */
  seal(path: string, jpeg: Buffer): Buffer {
    return this.keys === null || !this.encrypts ? jpeg : seal(this.keys, photoOwner(path), jpeg);
  }

  /** @throws EnvelopeBroken, UnknownKey, NoKey */
  open(path: string, stored: Buffer): OpenedPhoto {
    if (!isEnvelope(stored)) return { jpeg: stored, tag: null };
    if (this.keys === null) throw new NoKey();
    const jpeg = open(this.keys, photoOwner(path), stored);
    return { jpeg, tag: contentTagOf(stored).toString('base64url') };
  }
}

/** Whose photo it is. */
export const photoOwner = (path: string): Buffer => Buffer.from(`media\0${path}`);
