import { EnvelopeBroken, isEnvelope, keyIdOf, open, seal } from './envelope';
import { NoKey, UnknownKey, type KeyRing } from './key-ring';

export const SECRET_BYTES = 32;

/** A secret of the installation that the configured keys do not open. The message says which key it needs. */
export class WrongSecret extends Error {
  override readonly name = 'WrongSecret';
}

/** A secret opens under its own name only. */
const ownerOf = (name: string): Buffer => Buffer.from(`rollcall secret ${name}`);

export const sealSecret = (keys: KeyRing, name: string, secret: Buffer): Buffer =>
  seal(keys, ownerOf(name), secret);

/**
 * @param keys null: none is configured
 * @throws WrongSecret
 */
export function openSecret(keys: KeyRing | null, name: string, envelope: Buffer): Buffer {
  try {
    if (keys === null) throw new NoKey();
    return open(keys, ownerOf(name), envelope);
  } catch (error) {
    if (error instanceof NoKey || error instanceof UnknownKey) {
      const configured = keys === null ? 'no key is configured' : `configured: ${keys.ids.join(', ')}`;
      throw new WrongSecret(
        `encrypted with key ${keyIdOf(envelope)}; ${configured}. Set ENCRYPTION_KEY or ENCRYPTION_KEY_FILE to this key, or add it to ENCRYPTION_KEY_PREVIOUS. To run without encryption, first run npm run keys:rotate -- --decrypt with this key`,
      );
    }
    if (error instanceof EnvelopeBroken) {
      throw new WrongSecret('changed or moved since it was encrypted. Restore it from a backup');
    }
    throw error;
  }
}

/** Whether a stored secret is encrypted with the current key. */
export const isCurrent = (keys: KeyRing, envelope: Buffer): boolean =>
  isEnvelope(envelope) && keyIdOf(envelope) === keys.current.id;
