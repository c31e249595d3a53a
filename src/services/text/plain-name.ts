import { badInput } from '../../errors';

/**
 * Characters that nobody sees: a name with one looks like another name. Zero-width spaces, soft hyphens, fillers, tags, what
 * turns the direction of writing, and line separators. Not the marks U+200E, U+200F and U+061C, which bidirectional text
 * needs. Joiners and variation selectors have separate rules.
 */
const HIDDEN =
  /(?![\u061c\u200c-\u200f\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/u;

/** A selector that does not choose a form of the Han character, emoji or Mongolian letter in front of it. */
const STRAY_SELECTOR =
  /(?<![\p{Script=Han}\p{Extended_Pictographic}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|(?<!\p{Script=Mongolian})[\u180b-\u180d\u180f]/u;

/** Scripts that join and separate letters by U+200C and U+200D. */
const JOINING = [
  ...[
    'Arab',
    'Syrc',
    'Mong',
    'Nkoo',
    'Mand',
    'Deva',
    'Beng',
    'Guru',
    'Gujr',
    'Orya',
    'Taml',
    'Telu',
    'Knda',
    'Mlym',
  ],
  ...['Sinh', 'Khmr', 'Mymr', 'Tibt', 'Lao', 'Thaa', 'Java', 'Bali'],
]
  .map((script) => `\\p{scx=${script}}`)
  .join('');
const LETTER = `(?=[\\p{L}\\p{M}])[${JOINING}]`;

/** A joiner that is not between two letters. Behind a Malayalam virama it ends a word, as older texts write it. */
const STRAY_JOINER = new RegExp(
  `(?<!${LETTER})[\\u200c\\u200d]|(?<!\\u0d4d)[\\u200c\\u200d](?!${LETTER})|\\u200c(?!${LETTER})`,
  'u',
);

export const PLAIN_NAME = 'must not contain invisible characters';

/** Whether a name contains only characters that can be seen, or that its script needs. */
export const isPlainName = (name: string): boolean =>
  ![HIDDEN, STRAY_SELECTOR, STRAY_JOINER].some((pattern) => pattern.test(name));

/**
 * @param current what is stored: it stays as it is, even if it was entered before there was this rule
 * @throws RollcallError BAD_USER_INPUT
 */
export function requirePlainName(name: string | undefined, current: string): void {
  if (name !== undefined && name !== current && !isPlainName(name)) throw badInput('name', PLAIN_NAME);
}
