import { badInput } from '../../../errors';

/** `data:image/<anything>[;parameters];base64,`: the claimed type decides nothing, the content does. */
const DATA_URI = /^data:image\/[a-z0-9.+-]{1,64}(?:;[a-z0-9.+-]{1,64}=[^;,]{0,64}){0,4};base64,/i;
const LONGEST_PREFIX = 700;

/**
 * Decodes base64, bare or as a data URI. Strict, because Node's decoder takes anything: what it cannot read it
 * skips. Line breaks are allowed (MIME writes one every 76 characters); spaces are not, as they tell of a "+" that
 * was eaten by form decoding, and neither is the URL alphabet, which no encoder of data URIs writes.
 *
 * @param maxBytes of the decoded photo; far longer texts are refused before anything is decoded
 * @throws RollcallError BAD_USER_INPUT naming the field, never quoting the text
 */
export function decodePhoto(text: string, field: string, maxBytes: number): Buffer {
  const tooLarge = () => badInput(field, `the photo must have at most ${maxBytes} bytes`);
  const body = text.slice(prefixLength(text, field));
  if (body.length === 0) throw badInput(field, 'the photo is empty');
  // Four characters for three bytes, and at most \r\n after every 76 of them.
  const longest = Math.ceil(maxBytes / 3) * 4;
  if (body.length > longest + 2 * Math.ceil(longest / 76)) throw tooLarge();

  const bytes = decodeCanonical(body) ?? decodeCanonical(body.replace(/[\r\n]+/g, ''));
  if (bytes === null) throw badInput(field, 'must be base64 or a base64 data URI');
  if (bytes.length === 0) throw badInput(field, 'the photo is empty');
  if (bytes.length > maxBytes) throw tooLarge();
  return bytes;
}

function prefixLength(text: string, field: string): number {
  if (!/^data:/i.test(text)) return 0;
  const prefix = DATA_URI.exec(text.slice(0, LONGEST_PREFIX))?.[0];
  if (prefix === undefined) throw badInput(field, 'must be a base64 data URI of an image');
  return prefix.length;
}

/**
 * Encoding again and comparing proves alphabet, padding and length at once. Both directions run natively: 30 µs for
 * a photo of 80 KB, where a regular expression takes 450 µs.
 */
function decodeCanonical(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
