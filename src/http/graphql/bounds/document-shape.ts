/**
 * What a document may have before it is parsed. The parser goes into brackets by calling itself, until its stack is full;
 * it keeps comments, and does not count them as tokens.
 */
const LIMITS = { levels: 200, comments: 5000 } as const;

const QUOTE = 0x22;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x28, 0x5b, 0x7b]);
const CLOSE = new Set([0x29, 0x5d, 0x7d]);

/** What a document has too much of; null: nothing. Texts are skipped, so that a photo in a document costs little. */
export function excessOf(source: string): string | null {
  let levels = 0;
  let comments = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfText(source, at + 1);
    } else if (code === HASH) {
      comments += 1;
      if (comments > LIMITS.comments) return `${LIMITS.comments} comments`;
      at = endOfLine(source, at);
    } else if (OPEN.has(code)) {
      levels += 1;
      if (levels > LIMITS.levels) return `${LIMITS.levels} levels`;
    } else if (CLOSE.has(code)) {
      levels -= 1;
    }
  }
  return null;
}

/** The position of the quote that ends a text. Of a block text the quotes are taken for empty texts around it. */
function endOfText(source: string, start: number): number {
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return source.length;
}

function endOfLine(source: string, start: number): number {
  for (let at = start; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return at;
  }
  return source.length;
}
