import { punchAfter, type SavedPunch } from './outbox';

/**
 * The file of saved punches, encrypted with a key of HR or an administrator. Its lines are JSON. The first line says how
 * the encryption key is derived; each further line is one punch: AES-GCM of `{ check, photo }`, the photo in base64.
 */

const FORMAT = 'rollcall-punches-1';
/** OWASP's figure for PBKDF2 with SHA-256. */
const ITERATIONS = 600_000;

interface Header {
  readonly format: typeof FORMAT;
  readonly iterations: number;
  readonly salt: string;
}

interface Line {
  readonly iv: string;
  readonly data: string;
}

/** Everything that is saved on this tablet and can be decrypted. The punches stay on the tablet. */
export async function exportPunches(secret: string): Promise<Blob> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await deriveKey(secret, salt, ITERATIONS);
  const header: Header = { format: FORMAT, iterations: ITERATIONS, salt: toBase64(salt) };
  const lines = [JSON.stringify(header)];
  let entry = await punchAfter(null);
  while (entry !== null) {
    if (entry.punch !== null) lines.push(JSON.stringify(await encrypt(key, entry.punch)));
    entry = await punchAfter(entry.key);
  }
  return new Blob([lines.join('\n') + '\n'], { type: 'application/x-ndjson' });
}

async function encrypt(key: CryptoKey, { check, photo }: SavedPunch): Promise<Line> {
  const bytes = new Uint8Array(await photo.arrayBuffer());
  const plain = new TextEncoder().encode(JSON.stringify({ check, photo: toBase64(bytes) }));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain);
  return { iv: toBase64(iv), data: toBase64(new Uint8Array(data)) };
}

async function deriveKey(secret: string, salt: Uint8Array<ArrayBuffer>, iterations: number) {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'PBKDF2', false, [
    'deriveKey',
  ]);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
  return await crypto.subtle.deriveKey(how, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt']);
}

/** In parts: a photo has more bytes than a function may have arguments. */
function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 0x8000)));
  }
  return btoa(parts.join(''));
}
