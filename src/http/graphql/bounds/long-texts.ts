import { isAscii } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { RollcallError } from '../../../errors';
import { unescapeInPlace } from './json-escapes';

/** Bytes from which on a text is read apart from the rest. Only a photo is so long. */
export const LONG_TEXT = 1_048_576;
const BACKSLASH = 0x5c;

/** Where a text of a JSON body is, without its quotes. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** Stands for a long text while the rest is parsed. Nobody outside knows it. */
const MARK = `long text ${randomUUID()} `;

/**
 * Parses a JSON body. Its long texts are made of its bytes, not of a text of all of it: nothing but the body and the texts
 * is held.
 * @param body is changed
 * @param places of the texts of at least LONG_TEXT bytes, in their order
 * @throws SyntaxError; RollcallError BAD_USER_INPUT for a long text that cannot be base64
 */
export async function parseWithLongTexts(body: Buffer, places: readonly TextPlace[]): Promise<unknown> {
  let json = '';
  let from = withoutMark(body);
  for (const [index, { start, end }] of places.entries()) {
    json += `${body.toString('utf8', from, start)}${MARK}${index}`;
    from = end;
  }
  json += body.toString('utf8', from);
  if (places.length === 0) return JSON.parse(json) as unknown;
  const texts: string[] = [];
  for (const { start, end } of places) texts.push(await longText(body.subarray(start, end)));
  return JSON.parse(json, (name, value: unknown) => {
    if (name.startsWith(MARK)) throw notBase64();
    return typeof value === 'string' && value.startsWith(MARK)
      ? texts[Number(value.slice(MARK.length))]
      : value;
  }) as unknown;
}

/** Some clients begin a text with a byte order mark. @returns where the JSON begins */
const withoutMark = (body: Buffer): number =>
  body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;

/** A text of other characters would take twice as much memory. Control characters pass: a photo in lines has some. */
async function longText(bytes: Buffer): Promise<string> {
  if (!isAscii(bytes)) throw notBase64();
  await setImmediate();
  const length = bytes.includes(BACKSLASH) ? await unescapeInPlace(bytes) : bytes.length;
  if (length === null) throw notBase64();
  return bytes.toString('latin1', 0, length);
}

const notBase64 = (): RollcallError =>
  new RollcallError('BAD_USER_INPUT', `A text of ${LONG_TEXT} bytes or more must be a photo in base64`);
