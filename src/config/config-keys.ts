import { readFileSync } from 'node:fs';
import type { Environment } from './environment';

/** The keys under which data keys are wrapped. */
export interface EncryptionConfig {
  /** Encrypts new data; 32 bytes. */
  readonly key: Buffer;
  /** Earlier keys that may still be needed to decrypt. */
  readonly previous: readonly Buffer[];
}

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;
const SHAPE = 'must be 32 bytes as 64 hex digits or base64. Make one with: openssl rand -hex 32';

/** 32 bytes, or null if the text is not one of the two spellings. */
function keyFrom(text: string): Buffer | null {
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  return BASE64.test(text) ? Buffer.from(text, 'base64') : null;
}

/** Such a key is a placeholder that was never replaced. */
const isPlaceholder = (key: Buffer): boolean => new Set(key).size < 8;

/**
 * The encryption keys. Null: nothing is encrypted.
 * @param faults receives the errors, which never contain a key
 */
export function encryptionFrom(env: Environment, faults: string[]): EncryptionConfig | null {
  const { ENCRYPTION_KEY: inline, ENCRYPTION_KEY_FILE: file, ENCRYPTION_KEY_PREVIOUS: list } = env;
  const before = faults.length;
  if (inline !== undefined && file !== undefined) {
    faults.push('ENCRYPTION_KEY_FILE: cannot be combined with ENCRYPTION_KEY; set one of them');
  }
  const name = inline === undefined ? 'ENCRYPTION_KEY_FILE' : 'ENCRYPTION_KEY';
  const text = inline ?? (file === undefined ? undefined : contentOf(file, faults));
  const key = text === undefined ? null : readKey(name, text.trim(), faults);
  if (inline === undefined && file === undefined) {
    if (list !== undefined) faults.push('ENCRYPTION_KEY: required with ENCRYPTION_KEY_PREVIOUS');
    if (env.ENCRYPT_MEDIA) faults.push('ENCRYPTION_KEY: required for ENCRYPT_MEDIA=true');
  }
  const previous = (list ?? '')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => readKey('ENCRYPTION_KEY_PREVIOUS', part, faults));
  if (key === null || faults.length > before) return null;
  return Object.freeze({ key, previous: previous.filter((each) => each !== null) });
}

function contentOf(file: string, faults: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    faults.push(`ENCRYPTION_KEY_FILE: could not be read (${code})`);
    return undefined;
  }
}

function readKey(name: string, text: string, faults: string[]): Buffer | null {
  const key = keyFrom(text);
  if (key === null) faults.push(`${name}: ${SHAPE}`);
  else if (isPlaceholder(key))
    faults.push(`${name}: must be a random key. Make one with: openssl rand -hex 32`);
  return key;
}
