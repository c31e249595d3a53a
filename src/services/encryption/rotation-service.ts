import type { Logger } from 'pino';
import type { KeyRotation, RotationCounts } from './key-rotation';

/** Progress of a key rotation. */
export interface RotationStatus {
  /** The new key. */
  readonly keyId: string;
  readonly running: boolean;
  /** What this process has re-encrypted since the rotation started. */
  readonly rewritten: RotationCounts;
  /** Templates and photos that cannot be decrypted. */
  readonly unreadable: number;
  /** What is left. Null while the rotation runs, and before the first one. */
  readonly remaining: RotationCounts | null;
  /** Why it ended early. Null: it did not. */
  readonly error: string | null;
}

/** Why earlier keys are still needed after a rotation. */
export const stillInUse = (keyIds: readonly string[]): string =>
  `A running node still encrypts with key ${keyIds.join(', ')}. Restart it with the new key, and start the rotation again. A node that crashed counts as running for three minutes`;

const NONE: RotationCounts = { templates: 0, photos: 0 };

/** Rotates keys in the background of the service: no other process can open the embedded database. */
export class RotationService {
  private readonly closing = new AbortController();
  private running: Promise<void> | null = null;
  private state = { rewritten: NONE, unreadable: 0, error: null as string | null };
  private remaining: RotationCounts | null = null;

  /** @param rotation null: no key is configured */
  constructor(
    private readonly rotation: KeyRotation | null,
    private readonly keyId: string | null,
    private readonly log: Logger,
  ) {}

  /** null: no key is configured. */
  status(): RotationStatus | null {
    if (this.keyId === null) return null;
    return { keyId: this.keyId, running: this.running !== null, remaining: this.remaining, ...this.state };
  }

  /** Starts a rotation unless one is running. @returns null: no key is configured */
  begin(): RotationStatus | null {
    if (this.rotation !== null) this.running ??= this.run(this.rotation).finally(() => (this.running = null));
    return this.status();
  }

  /** Stops it after the current batch. The next rotation continues from there. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  /** Never throws. */
  private async run(rotation: KeyRotation): Promise<void> {
    this.state = { rewritten: NONE, unreadable: 0, error: null };
    this.remaining = null;
    try {
      const { keysInUse, ...remaining } = await rotation.run(this.closing.signal, {
        templates: (count) => this.add({ templates: count, photos: 0 }),
        photos: (count) => this.add({ templates: 0, photos: count }),
        unreadable: (what, reason) => {
          this.state.unreadable++;
          this.log.error({ what, reason }, 'Could not decrypt; the data stays unchanged');
        },
      });
      this.remaining = remaining;
      if (keysInUse.length > 0) this.state.error = stillInUse(keysInUse);
      this.log.info(
        { keyId: this.keyId, ...this.state, remaining: this.remaining },
        'Encryption key rotation finished',
      );
    } catch (err) {
      this.state.error = 'It failed; the log says why. What was done is done: begin it again';
      this.log.error({ err }, 'Encryption key rotation failed; finished work is kept');
    }
  }

  private add({ templates, photos }: RotationCounts): void {
    const { rewritten } = this.state;
    this.state.rewritten = { templates: rewritten.templates + templates, photos: rewritten.photos + photos };
  }
}
