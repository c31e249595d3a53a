import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { Readable, Writable } from 'node:stream';

/** The part of busboy that is used here: it comes with graphql-upload-minimal and ships no types. */
type Busboy = (options: { headers: IncomingHttpHeaders }) => Writable & {
  on(event: 'field', listener: (name: string, value: string) => void): unknown;
  on(event: 'file', listener: (name: string, stream: Readable) => void): unknown;
};
const busboy = createRequire(require.resolve('graphql-upload-minimal'))('busboy') as Busboy;

export interface CloudinaryForm {
  /** Every field but `file`; what was sent as `tags[]` arrives as `tags`, joined by commas. */
  readonly fields: Record<string, string>;
  /** The bytes of `file`, whether it came as a file part or as a base64 data URI; null when there was none. */
  readonly file: Buffer | null;
}

export interface Credentials {
  readonly cloudName: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** An answer in the shape of Cloudinary's errors. */
export interface Refusal {
  readonly status: 400 | 401 | 404;
  readonly message: string;
}

/** Reads a multipart (or urlencoded) form to its end. Rejects when it is malformed or the client goes away. */
export async function readForm(request: IncomingMessage): Promise<CloudinaryForm> {
  const fields: Record<string, string> = {};
  const chunks: Buffer[] = [];
  let hasFilePart = false;
  const parser = busboy({ headers: request.headers });
  parser.on('field', (name, value) => {
    const key = name.replace(/\[\]$/, '');
    fields[key] = name.endsWith('[]') && key in fields ? `${fields[key]},${value}` : value;
  });
  parser.on('file', (name, stream) => {
    hasFilePart ||= name === 'file';
    // A body that breaks off is an error of the parser, too, and is handled there.
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      if (name === 'file') chunks.push(chunk);
    });
  });
  await new Promise<void>((resolve, reject) => {
    parser.once('close', resolve);
    parser.once('error', reject);
    request.once('error', reject);
    request.pipe(parser);
  });
  const { file: text, ...rest } = fields;
  return { fields: rest, file: hasFilePart ? Buffer.concat(chunks) : fromDataUri(text) };
}

function fromDataUri(text: string | undefined): Buffer | null {
  if (text === undefined) return null;
  const match = /^data:[^,]*;base64,(.*)$/s.exec(text);
  return match ? Buffer.from(match[1] ?? '', 'base64') : null;
}

/** Never part of the string to sign, by Cloudinary's rules for signed uploads. */
const UNSIGNED = new Set(['file', 'api_key', 'resource_type', 'cloud_name', 'signature']);

/** `k=v` of all signed fields, sorted and joined by `&`; an `&` in a value is escaped so it cannot smuggle a field. */
function stringToSign(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .filter(([name, value]) => !UNSIGNED.has(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`.replaceAll('&', '%26'))
    .join('&');
}

/** Seconds: Cloudinary refuses a signature older than an hour. */
const MAX_AGE = 3600;

/** What the real service would object to in who is asking; null when the request is authentic. */
export function checkAuthenticity(
  fields: Readonly<Record<string, string>>,
  cloudName: string,
  known: Credentials,
): Refusal | null {
  const unauthorized = (message: string): Refusal => ({ status: 401, message });
  const { api_key: apiKey, signature, timestamp } = fields;
  if (cloudName !== known.cloudName) return unauthorized(`Invalid cloud_name ${cloudName}`);
  if (!apiKey) return unauthorized('Must supply api_key');
  if (apiKey !== known.apiKey) return unauthorized(`Unknown API key ${apiKey}`);
  if (!timestamp || !/^\d+$/.test(timestamp)) return unauthorized('Missing required parameter - timestamp');
  if (!signature) return unauthorized('Missing required parameter - signature');

  const toSign = stringToSign(fields);
  // The algorithm is not announced: the real service, too, tells it from the length of the digest.
  const algorithm = signature.length === 64 ? 'sha256' : 'sha1';
  const expected = createHash(algorithm)
    .update(toSign + known.apiSecret)
    .digest('hex');
  if (signature !== expected) {
    return unauthorized(`Invalid Signature ${signature}. String to sign - '${toSign}'.`);
  }
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > MAX_AGE) {
    const reported = new Date(Number(timestamp) * 1000).toISOString().replace(/T(.*)\.\d+Z$/, ' $1 +0000');
    return {
      status: 400,
      message: `Stale request - reported time is ${reported} which is more than 1 hour ago`,
    };
  }
  return null;
}
