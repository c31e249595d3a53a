import { badInput } from '../../errors';

/**
 * Characters that nobody sees: a name with one looks like another name. Zero-width space and no-break space, word joiner
 * and its like, and what turns the direction of writing. Not the marks U+200E and U+200F, which bidirectional text needs.
 */
const HIDDEN = /[\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u206f]/u;

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
export const isPlainName = (name: string): boolean => !HIDDEN.test(name) && !STRAY_JOINER.test(name);

/**
 * @param current what is stored: it stays as it is, even if it was entered before there was this rule
 * @throws RollcallError BAD_USER_INPUT
 */
export function requirePlainName(name: string | undefined, current: string): void {
  if (name !== undefined && name !== current && !isPlainName(name)) throw badInput('name', PLAIN_NAME);
}
