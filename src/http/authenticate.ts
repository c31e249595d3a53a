import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../context';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Tells who sends a request, from its Authorization header. Keys are compared by their digests, in constant time, so
 * that an answer's delay says nothing about how much of a guess was right.
 * @param adminApiKey null: the service runs open (on loopback only), and everybody is its administrator
 * @returns null for credentials that are wrong; a request without any is anonymous
 */
export function authenticate(authorization: string | undefined, adminApiKey: string | null): Caller | null {
  if (adminApiKey === null) return { kind: 'open' };
  if (authorization === undefined) return { kind: 'anonymous' };
  const key = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  return key !== undefined && timingSafeEqual(digest(key), digest(adminApiKey)) ? { kind: 'admin' } : null;
}
