import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyRing } from './key-ring';

/**
 * The format of encrypted data, version 1. docs/design/security.md has the same table.
 *
 *      0   4  "RCE1"
 *      4   8  id of the key that wraps the data key
 *     12  12  nonce of the wrapping
 *     24  32  the data key, encrypted
 *     56  16  tag of the wrapping
 *     72  12  nonce of the content
 *     84   n  the content, encrypted under the data key
 *   84+n  16  tag of the content
 *
 * Both encryptions are AES-256-GCM (NIST SP 800-38D) and authenticate the owner of the content, so that content moved to
 * another row or column cannot be decrypted. A data key is random and used once. A rotation of keys rewrites the header
 * (the first 72 bytes) and keeps the rest. Nonces are random, which is safe for 2^32 wrappings under one key.
 */
const MAGIC = Buffer.from('RCE1', 'latin1');
const KEY_ID = 4;
const WRAP_NONCE = 12;
const WRAPPED_KEY = 24;
const WRAP_TAG = 56;
const NONCE = 72;
const CONTENT = 84;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

export const HEADER_BYTES = NONCE;
/** Bytes that an envelope adds to its content. */
export const ENVELOPE_BYTES = CONTENT + TAG_BYTES;
const CIPHER = 'aes-256-gcm';
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** An envelope was altered, cut off, or moved to another row or column. */
export class EnvelopeBroken extends Error {
  override readonly name = 'EnvelopeBroken';
}

/** @param start the first bytes of the data, or all of it; no photo begins like an envelope */
export const isEnvelope = (start: Buffer): boolean =>
  start.length >= HEADER_BYTES && start.subarray(0, KEY_ID).equals(MAGIC);

/** @param start from HEADER_BYTES on. @returns 16 hex digits */
export const keyIdOf = (start: Buffer): string => start.toString('hex', KEY_ID, WRAP_NONCE);

/** Unique for each call of `seal`. A rotation of keys does not change it. @returns 16 bytes */
export const contentTagOf = (envelope: Buffer): Buffer => envelope.subarray(-TAG_BYTES);

/** @param owner identifies the owner and the column of the content. `open` needs the same value */
export function seal(keys: KeyRing, owner: Buffer, content: Buffer): Buffer {
  const dataKey = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const [encrypted, tag] = encrypt(dataKey, nonce, owner, content);
  return Buffer.concat([wrap(keys, owner, dataKey), nonce, encrypted, tag]);
}

/**
 * @throws EnvelopeBroken
 * @throws UnknownKey if its key is not configured
 */
export function open(keys: KeyRing, owner: Buffer, envelope: Buffer): Buffer {
  if (!isEnvelope(envelope) || envelope.length < ENVELOPE_BYTES)
    throw new EnvelopeBroken('Not an encryption envelope');
  const end = envelope.length - TAG_BYTES;
  const dataKey = unwrap(keys, owner, envelope);
  const nonce = envelope.subarray(NONCE, CONTENT);
  return decrypt(dataKey, nonce, owner, envelope.subarray(CONTENT, end), envelope.subarray(end));
}

/**
 * The same envelope with its data key wrapped by the current key.
 * @throws EnvelopeBroken, UnknownKey
 */
export function rewrap(keys: KeyRing, owner: Buffer, envelope: Buffer): Buffer {
  if (!isEnvelope(envelope) || envelope.length < ENVELOPE_BYTES)
    throw new EnvelopeBroken('Not an encryption envelope');
  const header = wrap(keys, owner, unwrap(keys, owner, envelope));
  return Buffer.concat([header, envelope.subarray(HEADER_BYTES)]);
}

function wrap({ current }: KeyRing, owner: Buffer, dataKey: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const [encrypted, tag] = encrypt(current.key, nonce, owner, dataKey);
  return Buffer.concat([MAGIC, Buffer.from(current.id, 'hex'), nonce, encrypted, tag]);
}

function unwrap(keys: KeyRing, owner: Buffer, start: Buffer): Buffer {
  const { key } = keys.get(keyIdOf(start));
  const nonce = start.subarray(WRAP_NONCE, WRAPPED_KEY);
  return decrypt(key, nonce, owner, start.subarray(WRAPPED_KEY, WRAP_TAG), start.subarray(WRAP_TAG, NONCE));
}

function encrypt(key: Buffer | KeyObject, nonce: Buffer, owner: Buffer, content: Buffer): [Buffer, Buffer] {
  const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS);
  cipher.setAAD(owner);
  const encrypted = Buffer.concat([cipher.update(content), cipher.final()]);
  return [encrypted, cipher.getAuthTag()];
}

/** In GCM, `final` returns no bytes. It compares the tag in constant time. */
function decrypt(
  key: Buffer | KeyObject,
  nonce: Buffer,
  owner: Buffer,
  encrypted: Buffer,
  tag: Buffer,
): Buffer {
  const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS);
  decipher.setAAD(owner);
  decipher.setAuthTag(tag);
  const content = decipher.update(encrypted);
  try {
    decipher.final();
  } catch {
    // OpenSSL's error contains no more information.
    throw new EnvelopeBroken('Changed or moved since it was encrypted');
  }
  return content;
}
