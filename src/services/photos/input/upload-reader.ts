import { type Readable } from 'node:stream';
import { badInput, RollcallError } from '../../../errors';

/** What the multipart parser hands to a resolver; the file's name and claimed type are of no interest here. */
interface PhotoUpload {
  createReadStream(): Readable;
}

/** The `Upload` scalar resolves to a promise of the file. */
export type UploadSource = PhotoUpload | Promise<PhotoUpload>;

/** What was read of each file: a client may name one file in several places, and the parser gives it out once. */
const readings = new WeakMap<PhotoUpload, Promise<Buffer | null>>();

/**
 * Reads an uploaded file to its end, once for all places that name it.
 *
 * The parser cuts a file off at its own limit without an error and marks the stream `truncated`: half a photo must
 * not pass for a whole one, whichever of the two limits is lower.
 *
 * @param maxBytes of the file
 * @throws RollcallError BAD_USER_INPUT naming the field: too large, empty, missing or broken off
 */
export async function readUpload(upload: UploadSource, field: string, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => badInput(field, `the photo must have at most ${maxBytes} bytes`);
  try {
    const file = await upload;
    const reading = readings.get(file) ?? readFile(file, maxBytes);
    readings.set(file, reading);
    const bytes = await reading;
    if (bytes === null) throw tooLarge();
    if (bytes.length === 0) throw badInput(field, 'the photo is empty');
    return bytes;
  } catch (error) {
    if (error instanceof RollcallError) throw error;
    // The parser throws this when its limit was reached before anybody asked for the stream.
    if ((error as { status?: unknown } | null)?.status === 413) throw tooLarge();
    throw badInput(field, 'the upload is missing or incomplete');
  }
}

/** @returns null: it is larger */
async function readFile(file: PhotoUpload, maxBytes: number): Promise<Buffer | null> {
  const stream: Readable & { readonly truncated?: boolean } = file.createReadStream();
  const bytes = await readAll(stream, maxBytes);
  return stream.truncated === true ? null : bytes;
}

/** Everything the stream has, or null as soon as that is too much. */
function readAll(stream: Readable, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) return void chunks.push(chunk);
      // Not destroyed: the rest flows on and is dropped, or the parser would wait for ever with the request open.
      chunks.length = 0;
      resolve(null);
    });
    stream.once('end', () => resolve(Buffer.concat(chunks, length > maxBytes ? 0 : length)));
    // `on`, not `once`: an error after the promise is settled must not become an uncaught one.
    stream.on('error', reject);
    stream.once('close', () => reject(new Error('closed before the end')));
  });
}
