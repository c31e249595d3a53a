import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** 32 bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A new secret for a client: a prefix that shows its kind, and 256 random bits as base64url. */
export const newToken = (prefix = ''): string => prefix + randomBytes(32).toString('base64url');

/** Whether a text has the form of a token. Check this before you hash a text or search for it: a client may send megabytes. */
export const isToken = (text: string, prefix = ''): boolean =>
  text.startsWith(prefix) && TOKEN.test(text.slice(prefix.length));

/** A short secret that people type. */
export const newCode = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/**
 * The stored hash of a secret, or the proof that a text was made here.
 * @param key omitted: a plain SHA-256, for secrets that are too long to be guessed
 */
export const hashOf = (text: string, key?: Buffer): Buffer =>
  (key === undefined ? createHash('sha256') : createHmac('sha256', key)).update(text).digest();

/**
 * Compares in constant time: an answer's delay says nothing about how much of a guess was right.
 * @throws RangeError if the lengths differ; compare hashes of texts that may have any
 */
export const isSame = (given: string | Buffer, expected: string | Buffer): boolean =>
  timingSafeEqual(Buffer.from(given), Buffer.from(expected));
