import { RollcallError } from '../../../errors';
import { LONG_TEXT, type TextPlace } from './long-texts';

/**
 * Bounds of a JSON text, checked before it is parsed. Parsing makes up to 80 bytes of every two, so 30 MB of `{}` would
 * take 2.5 GB. Values: so many numbers take 10 ms to read; five descriptors of the largest model have 5120, and a descriptor
 * that is far too long is still refused by its field. Keys, lists and objects: 100,000 keys would stop everybody for 200 ms.
 * Depth: the deepest input of the schema has 6. Plain bytes: what is outside of texts, such as numbers and blanks; photos are texts. Escaped quotes:
 * a document has fewer than its 5000 tokens.
 */
export const JSON_LIMITS = {
  values: 131_072,
  structure: 16_384,
  depth: 32,
  plainBytes: 4_194_304,
  escapedQuotes: 20_000,
} as const;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

/**
 * Refuses a JSON text that has too many values or levels. It looks at brackets, commas and quotes only: whether the text
 * is JSON is for the parser to say. A text value is skipped by a native search, so that a photo costs little.
 * @returns the places of its long texts
 * @throws RollcallError BAD_USER_INPUT naming the bound
 */
export function checkJsonShape(json: Buffer): TextPlace[] {
  const longTexts: TextPlace[] = [];
  let depth = 0;
  let values = 1;
  let structure = 0;
  let plain = 0;
  const counts = { escaped: 0 };
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === QUOTE) {
      const start = at + 1;
      at = endOfText(json, start, counts);
      if (at - start >= LONG_TEXT) longTexts.push({ start, end: at });
      continue;
    }
    plain += 1;
    if (plain > JSON_LIMITS.plainBytes) throw tooMuch(`${JSON_LIMITS.plainBytes} bytes outside of texts`);
    if (byte === COMMA) values += 1;
    else if (byte === COLON) structure += 1;
    else if (OPEN.has(byte)) {
      depth += 1;
      values += 1;
      structure += 1;
    } else if (CLOSE.has(byte)) depth -= 1;
    else continue;
    if (depth > JSON_LIMITS.depth) throw tooDeep();
    if (values > JSON_LIMITS.values) throw tooMany();
    if (structure > JSON_LIMITS.structure) throw tooMuch(`${JSON_LIMITS.structure} keys, lists and objects`);
  }
  return longTexts;
}

/** The position of the quote that ends a text; the end of the bytes if none does. */
function endOfText(json: Buffer, start: number, counts: { escaped: number }): number {
  for (let at = json.indexOf(QUOTE, start); at !== -1; at = json.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    // Backslashes in front of a quote are looked at once, because the next search begins behind the quote.
    while (at - backslashes > start && json[at - backslashes - 1] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
    counts.escaped += 1;
    if (counts.escaped > JSON_LIMITS.escapedQuotes) {
      throw tooMuch(`${JSON_LIMITS.escapedQuotes} escaped quotes`);
    }
  }
  return json.length;
}

export const tooDeep = (): RollcallError => tooMuch(`${JSON_LIMITS.depth} levels`);
export const tooMany = (): RollcallError => tooMuch(`${JSON_LIMITS.values} values`);

const tooMuch = (bound: string): RollcallError =>
  new RollcallError('BAD_USER_INPUT', `The request must have at most ${bound}`);
