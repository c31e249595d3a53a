import { setImmediate } from 'node:timers/promises';

const BACKSLASH = 0x5c;
const UNICODE = 0x75;
/** Escapes that are read at a time; other requests get their turn in between. */
const PIECE = 50_000;
/** Bytes for each escape at least: lines of 64 characters have one in 32, and escaped slashes and plus signs one in 32. */
const BYTES_PER_ESCAPE = 12;

/** What the byte behind a backslash stands for. */
const SHORT: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(
    ([name, meant]) => [name.charCodeAt(0), meant.charCodeAt(0)],
  ),
);

/**
 * Replaces the escapes of a JSON text by what they stand for. In place: a photo in lines takes no more memory than one
 * without.
 * @param bytes in ASCII
 * @returns how many bytes are left; null: an escape is malformed or stands for a character beyond ASCII, or there are too
 * many of them
 */
export async function unescapeInPlace(bytes: Buffer): Promise<number | null> {
  let write = 0;
  let read = 0;
  let escapes = 0;
  for (let at = bytes.indexOf(BACKSLASH); at !== -1; at = bytes.indexOf(BACKSLASH, read)) {
    const meant = escapeAt(bytes, at);
    escapes += 1;
    if (meant === null || escapes * BYTES_PER_ESCAPE > bytes.length) return null;
    const next = at + (bytes[at + 1] === UNICODE ? 6 : 2);
    bytes.copyWithin(write, read, at);
    write += at - read;
    bytes[write++] = meant;
    read = next;
    if (escapes % PIECE === 0) await setImmediate();
  }
  bytes.copyWithin(write, read);
  return write + bytes.length - read;
}

function escapeAt(bytes: Buffer, at: number): number | null {
  const kind = bytes[at + 1] ?? 0;
  if (kind !== UNICODE) return SHORT.get(kind) ?? null;
  const digits = bytes.toString('latin1', at + 2, at + 6);
  return /^00[0-7][\da-f]$/i.test(digits) ? parseInt(digits, 16) : null;
}
